"""Two programmes side by side: the address names one, links keep it, and neither shows what belongs to the other."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from modules import progress
from storage.engine import Database
from storage.tables import allowance, attempt
from tests import tiny
from web import current

AppAs = Callable[[str], AppTest]
SECOND = {
    name.replace("/uji/", "/dua/"): text.replace("Program uji", "Program kedua")
    .replace("tes, title", "tes-dua, title")
    .replace("ref: akhir", "ref: akhir-dua")
    .replace("id: tes\n", "id: tes-dua\n")
    .replace("id: akhir\n", "id: akhir-dua\n")
    for name, text in tiny.FILES.items()
    if "/uji/" in name
}


@pytest.fixture(autouse=True)
def two_programmes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Programmes `dua` and `uji`; the first by name is the usual one where there is no `netralitas`."""
    monkeypatch.setenv("SINETRAL_CONTENT_DIR", str(tiny.build(tmp_path / "content", SECOND)))
    current.settings.cache_clear()
    current.library.cache_clear()
    yield
    current.library.cache_clear()


def opened(app_as: AppAs, token: str, page: str = "", **query: str) -> AppTest:
    at = app_as(token)
    if page:
        at = at.run().switch_page(f"pages/learner/{page}.py")
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def text(at: AppTest) -> str:
    kinds = (at.title, at.header, at.markdown, at.info, at.success, at.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def walk_quiz(at: AppTest) -> AppTest:
    at.button(key="mulai").click().run()
    while at.radio:
        at.radio[0].set_value(at.radio[0].options[0])
        at.button(key="simpan").click().run()
    return at.button(key="kumpulkan").click().run()


def programmes_of(database: Database, person_id: int) -> list[tuple[str, str]]:
    with database.read() as t:
        rows = t.db.execute(select(attempt.c.program_id, attempt.c.quiz_id).where(attempt.c.person_id == person_id))
        return [(row.program_id, row.quiz_id) for row in rows]


def test_home_offers_every_programme_and_opens_the_other(cast: Any, app_as: AppAs) -> None:
    at = opened(app_as, cast.tokens["sari"])
    assert [title.value for title in at.title] == ["Program kedua"]
    assert text(at).count("Belum dimulai") == 2
    assert text(at).count("Sedang dibuka") == 1
    at.button(key="buka-uji").click().run()
    assert [title.value for title in at.title] == ["Program uji"]
    assert at.query_params["program"] == "uji"


def test_an_unknown_programme_leads_home(cast: Any, app_as: AppAs) -> None:
    for page in ("", "section", "sorting", "scenario", "quiz", "review", "pledge", "certificate"):
        at = opened(app_as, cast.tokens["sari"], page, program="entah")
        assert [title.value for title in at.title] == ["Program kedua"], page


def test_a_quiz_of_the_second_programme_stays_there(database: Database, cast: Any, app_as: AppAs) -> None:
    at = walk_quiz(opened(app_as, cast.tokens["sari"], "quiz", program="uji", langkah="tes"))
    assert at.query_params["program"] == "uji"
    assert "Hasil tes awal" in text(at)
    assert programmes_of(database, cast.sari.person_id) == [("uji", "tes")]
    at = opened(app_as, cast.tokens["sari"], program="uji")
    assert [title.value for title in at.title] == ["Program uji"]
    assert "Program kedua" in text(at)
    assert text(at).count("Belum dimulai") == 1


def test_the_result_of_one_programme_is_not_shown_under_another(database: Database, cast: Any, app_as: AppAs) -> None:
    token = cast.tokens["sari"]
    at = walk_quiz(opened(app_as, token, "quiz", program="uji", langkah="tes"))
    named = at.query_params["percobaan"]
    assert "Hasil tes awal" in text(opened(app_as, token, "review", program="uji", percobaan=named))
    assert "Belum ada hasil" in text(opened(app_as, token, "review", program="dua", percobaan=named))


def test_reading_and_cards_are_kept_per_programme(database: Database, cast: Any, app_as: AppAs) -> None:
    token, who = cast.tokens["sari"], cast.sari.person_id
    walk_quiz(opened(app_as, token, "quiz", program="uji", langkah="tes"))
    at = opened(app_as, token, "section", program="uji", bagian="baca/satu")
    at.radio[0].set_value(0)
    at.button[0].click().run()
    next(button for button in at.button if button.label == "Boleh atau tidak?").click().run()
    assert dict(at.query_params) == {"program": "uji", "langkah": "baca"}
    at = opened(app_as, token, "sorting", program="uji", langkah="baca")
    at.button(key="ruling-boleh").click().run()
    assert "Tepat: Boleh." in text(at)
    assert "Kondisi regulasi per 21 November 2026" in text(at)
    with database.read() as t:
        done = {
            one.id: progress.reading(t.db, person_id=who, program=one) for one in current.library().catalog.programs
        }
    assert [len(done[name].completed) for name in ("dua", "uji")] == [0, 1]
    assert [len(done[name].cards) for name in ("dua", "uji")] == [0, 1]
    assert "Terbuka setelah" in text(opened(app_as, token, "sorting", program="dua"))


def test_a_section_is_read_out_of_order_and_nothing_is_noted(database: Database, cast: Any, app_as: AppAs) -> None:
    at = opened(app_as, cast.tokens["sari"], "section", program="dua", bagian="baca/satu")
    assert [title.value for title in at.title] == ["Bagian satu"]
    assert "Pegawai yang netral melayani" in text(at)
    assert "Anda membaca bagian ini di luar urutan program. Kemajuan dicatat sesudah “Tes awal” selesai." in text(at)
    # Nothing is asked, so that nothing can be answered that would not be kept.
    assert (list(at.radio), list(at.button)) == ([], [])
    with database.read() as t:
        one = current.library().catalog.program("dua")
        assert progress.reading(t.db, person_id=cast.sari.person_id, program=one).opened == frozenset()
        assert progress.place(t.db, person_id=cast.sari.person_id, program=one) is None
    # Control: in its order the same section asks, and the visit is noted.
    walk_quiz(opened(app_as, cast.tokens["sari"], "quiz", program="dua", langkah="tes-dua"))
    at = opened(app_as, cast.tokens["sari"], "section", program="dua", bagian="baca/satu")
    assert len(at.radio) == 1
    assert "di luar urutan" not in text(at)
    with database.read() as t:
        assert progress.reading(t.db, person_id=cast.sari.person_id, program=one).opened == {("baca", "satu")}


def test_allowances_are_given_within_a_programme(database: Database, cast: Any, app_as: AppAs) -> None:
    at = app_as(cast.tokens["hadi"]).run().switch_page("pages/trainer/allowance.py").run()
    at.text_input(key="cari").set_value("Sari").run()
    assert "Kuis akhir · Program uji" in at.selectbox(key="kuis").options
    at.selectbox(key="kuis").set_value(("uji", "akhir"))
    at.selectbox(key="peserta").set_value(cast.sari.person_id)
    at.text_area(key="alasan").set_value("Jaringan putus saat mengerjakan.")
    at.button(key="beri").click().run()
    assert "Kelonggaran tersimpan" not in text(at)
    assert at.button(key="give-yes").label.startswith("Beri 1 percobaan Kuis akhir kepada Sari")
    at.button(key="give-yes").click().run()
    assert "Kelonggaran tersimpan" in text(at)
    with database.read() as t:
        assert t.db.execute(select(allowance.c.program_id, allowance.c.quiz_id)).all() == [("uji", "akhir")]


def test_one_programme_alone_offers_no_choice(
    tmp_path: Path, cast: Any, app_as: AppAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SINETRAL_CONTENT_DIR", str(tiny.build(tmp_path / "alone")))
    current.settings.cache_clear()
    current.library.cache_clear()
    at = opened(app_as, cast.tokens["sari"])
    assert [title.value for title in at.title] == ["Program uji"]
    assert "Program Anda" not in text(at)

"""The quiz, result, scenario and allowance pages as people use them, from the frame."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update
from streamlit.testing.v1 import AppTest

from modules import progress
from quizzes import attempts, store
from quizzes.admission import Admission
from quizzes.sheets import item_of
from storage.engine import Database
from storage.tables import allowance, attempt, decision, response
from tests import choices, every_kind
from tests.figures import figure
from web import current
from web.widgets import result

QUIZ, REVIEW, SCENARIO = "pages/learner/quiz.py", "pages/learner/review.py", "pages/learner/scenario.py"
ALLOWANCE = "pages/trainer/allowance.py"
AppAs = Callable[[str], AppTest]


def open_page(app_as: AppAs, token: str, page: str, **query: str) -> AppTest:
    """Open a page in a new tab."""
    at = app_as(token).run().switch_page(page)
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def begin(app_as: AppAs, token: str, step: str = "tes-awal") -> AppTest:
    at = open_page(app_as, token, QUIZ, langkah=step)
    return at.button(key="mulai").click().run()


def text(at: AppTest) -> str:
    """Return everything that the page says."""
    kinds = (at.title, at.header, at.markdown, at.warning, at.info, at.success, at.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def choose(at: AppTest, number: int = 0) -> None:
    """Answer the question on the screen, without sending it; another `number` gives another answer."""
    for place, widget in enumerate((*at.radio, *at.selectbox)):
        widget.set_value(widget.options[(number + place) % len(widget.options)])
    if at.checkbox:
        at.checkbox[number].check()


def save(at: AppTest, number: int = 0) -> AppTest:
    choose(at, number)
    return at.button(key="simpan").click().run()


def stored(database: Database) -> list[tuple[int, int]]:
    """Return (position, sequence) of every response."""
    with database.read() as t:
        rows = t.db.execute(select(response.c.position, response.c.sequence).order_by(response.c.id))
        return [(row.position, row.sequence) for row in rows]


def title_before(step_id: str) -> str:
    """Return the title of the step just before this one."""
    steps = current.program().head.steps
    return next(before.title for before, step in pairwise(steps) if step.id == step_id)


def finish_before(database: Database, person_id: int, step_id: str) -> None:
    """Mark every step before this one as done."""
    program = current.program()
    with database.write() as t:
        common: dict[str, Any] = {"person_id": person_id, "program": program, "now": t.now}
        for step in program.head.steps:
            if step.id == step_id:
                return
            if step.kind != "module":
                told = program.scenarios(step)[0]
                row = {"person_id": person_id, "program_id": program.id, "quiz_id": told, "kind": step.kind}
                times = {"started_at": t.now, "closed_at": t.now}
                t.db.execute(insert(attempt).values(**row, **times, number=1, state="submitted", score=50))
                continue
            module = program.module(step.ref)
            for section in module.sections:
                progress.answer_check(t.db, step_id=step.id, section_id=section.id, choice=0, **common)
            for card in module.sorting.cards if module.sorting else ():
                progress.sort_card(t.db, step_id=step.id, card_id=card.id, ruling="boleh", **common)


def take_final(database: Database, actor: Any, *, right: bool) -> int:
    """Answer the final quiz through the room's own actions, and hand it in."""
    finish_before(database, actor.person_id, "kuis-akhir")
    known: dict[str, Any] = {"actor": actor}
    with database.write() as t:
        mine: dict[str, Any] = {"library": current.library(), "program": current.program(), "step_id": "kuis-akhir"}
        sheet = attempts.start_or_resume(t.db, **known, **mine, now=t.now)
        items = [row for row in store.paper(t.db, sheet.attempt_id) if row.part == "item"]
        for row in items:
            item = item_of(row.content)
            one = {"attempt_id": sheet.attempt_id, "position": row.position, "seen_sequence": 0, "now": t.now}
            attempts.answer(
                t.db, **known, **one, choice=choices.key(item, row.option_order, right=right), token=f"t{row.position}"
            )
        tell(t.db, actor, sheet.attempt_id, len(items) + 1, t.now, right=right)
        attempts.submit(t.db, **known, attempt_id=sheet.attempt_id, now=t.now)
    return sheet.attempt_id


def tell(db: Any, actor: Any, attempt_id: int, position: int, now: Any, *, right: bool) -> None:
    """Decide a quiz's scenario to its end."""
    names: dict[str, Any] = {"program_id": "netralitas", "quiz_id": "kuis-akhir"}
    sheet = attempts.open_sheet(db, actor=actor, now=now, position=position, **names)
    while sheet is not None and sheet.question is not None:
        story = sheet.question.story
        assert story is not None
        scenario = next(one for one in current.library().scenarios.values() if one.title == story.title)
        sheet = attempts.answer(
            db,
            actor=actor,
            attempt_id=attempt_id,
            position=position,
            choice=choices.safe(scenario, sheet.question, right=right),
            seen_sequence=sheet.question.sequence,
            token=f"s{sheet.question.sequence}",
            now=now,
        )


def test_a_quiz_is_walked_from_its_rules_to_its_result(database: Database, cast: Any, app_as: AppAs) -> None:
    at = open_page(app_as, cast.tokens["sari"], QUIZ)
    assert "10 soal, satu soal setiap layar." in text(at)
    at.button(key="mulai").click().run()
    for position in range(1, 11):
        assert f"# Soal {position} dari 10" in text(at)
        at = save(at)
        assert f"Soal {position} tersimpan" in text(at) or position == 10
    assert "Semua soal sudah dijawab." in text(at)
    at.button(key="kumpulkan").click().run()
    assert not at.exception
    assert "Hasil tes awal" in text(at)
    assert [metric.label for metric in at.metric] == ["Benar", "Waktu", "Percobaan"]
    assert stored(database) == [(position, 1) for position in range(1, 11)]


def test_saved_and_unsaved_are_told_apart(database: Database, cast: Any, app_as: AppAs) -> None:
    at = begin(app_as, cast.tokens["sari"])
    assert "Belum disimpan" in text(at)
    assert "Tersimpan" not in text(at)
    at = save(at)
    assert re.search(r"Soal 1 tersimpan \d\d\.\d\d WIB", text(at))
    assert "Soal ini belum disimpan" in text(at)
    at.run()
    assert "Soal 1 tersimpan" in text(at)
    at.button(key="kembali").click().run()
    assert "Tersimpan" in text(at)
    assert "elum disimpan" not in text(at)


def test_any_device_goes_on_at_the_very_question(database: Database, cast: Any, app_as: AppAs) -> None:
    phone = begin(app_as, cast.tokens["sari"])
    save(save(phone))
    office = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="tes-awal")
    assert "# Soal 3 dari 10" in text(office)
    assert not office.button(key="simpan").value


def test_nothing_chosen_is_not_saved_and_can_be_passed_over(database: Database, cast: Any, app_as: AppAs) -> None:
    at = begin(app_as, cast.tokens["sari"])
    at.button(key="simpan").click().run()
    assert "Pilih jawaban dahulu, atau lewati soal ini." in text(at)
    at.button(key="lewati").click().run()
    assert "# Soal 2 dari 10" in text(at)
    at.button(key="lewati").click().run()
    assert "# Soal 3 dari 10" in text(at)
    assert stored(database) == []


def test_an_answered_question_is_not_passed_over_and_a_chosen_one_not_unasked(
    database: Database, cast: Any, app_as: AppAs
) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    choose(at)
    at.button(key="lewati").click().run()
    assert "Pilihan Anda belum disimpan. Simpan dahulu?" in text(at)
    at.button(key="tinggalkan").click().run()
    at.button(key="kembali").click().run()
    at.button(key="kembali").click().run()
    assert "# Soal 1 dari 10" in text(at)
    assert not any(button.key == "lewati" for button in at.button)


@pytest.mark.parametrize(("button", "kept"), [("simpan", [(1, 1), (2, 1)]), ("tinggalkan", [(1, 1)])])
def test_an_unsent_choice_is_warned_about(
    database: Database, cast: Any, app_as: AppAs, button: str, kept: list[tuple[int, int]]
) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    choose(at)
    at.button(key="kembali").click().run()
    assert "Pilihan Anda belum disimpan. Simpan dahulu?" in text(at)
    assert "# Soal 2 dari 10" in text(at)
    at.button(key=button).click().run()
    assert "# Soal 1 dari 10" in text(at)
    assert stored(database) == kept


def begin_with_boxes(database: Database, actor: Any) -> int:
    """Begin the first quiz with a draw that has a question with boxes after the first; return its position."""
    step: dict[str, Any] = {"library": current.library(), "program": current.program(), "step_id": "tes-awal"}
    for seed in range(100):
        with database.engine.begin() as db:
            sheet = attempts.start_or_resume(
                db, actor=actor, now=datetime(2026, 11, 1, tzinfo=UTC), random=Random(seed), **step
            )
            rows = store.paper(db, sheet.attempt_id)
            boxes: list[int] = [
                row.position for row in rows if row.position > 1 and item_of(row.content).type == "multiple"
            ]
            if boxes:
                return boxes[0]
            db.rollback()
    raise LookupError("no draw with boxes")


def test_boxes_emptied_by_hand_are_warned_about(database: Database, cast: Any, app_as: AppAs) -> None:
    place = begin_with_boxes(database, cast.sari)
    at = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="tes-awal")
    for _ in range(place):
        at = save(at)
    at.button(key="kembali").click().run()
    for box in at.checkbox:
        box.uncheck()
    at.button(key="kembali").click().run()
    assert "Pilihan Anda belum disimpan. Simpan dahulu?" in text(at)
    assert f"# Soal {place} dari 10" in text(at)
    at.button(key="simpan").click().run()
    assert "Pilih jawaban dahulu, atau lewati soal ini." in text(at)
    assert stored(database) == [(position, 1) for position in range(1, place + 1)]


def test_the_question_list_says_what_is_answered_and_leads_there(database: Database, cast: Any, app_as: AppAs) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    assert not any(button.label.startswith("Soal ") for button in at.button)
    at.session_state["daftar-2"] = True
    at.run()
    labels = [button.label for button in at.button if button.label.startswith("Soal ")]
    assert labels[:3] == ["Soal 1 · terjawab", "Soal 2 · belum dijawab · sedang dibuka", "Soal 3 · belum dijawab"]
    at.button(key="ke-7").click().run()
    assert "# Soal 7 dari 10" in text(at)


def test_handing_in_names_the_unanswered(database: Database, cast: Any, app_as: AppAs) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    at.session_state["daftar-2"] = True
    at.run()
    at.button(key="ke-akhir").click().run()
    assert "Kumpulkan sekarang? 9 soal belum dijawab." in text(at)
    at.button(key="ke-4").click().run()
    assert "# Soal 4 dari 10" in text(at)


def test_a_second_tab_neither_overwrites_nor_loses(database: Database, cast: Any, app_as: AppAs) -> None:
    one = begin(app_as, cast.tokens["sari"])
    two = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="tes-awal")
    save(one)
    save(two, 1)
    assert "Jawaban ini baru saja diubah dari perangkat lain. Yang terbaru ditampilkan." in text(two)
    assert "# Soal 1 dari 10" in text(two)
    assert stored(database) == [(1, 1)]
    two = save(two, 1)
    assert "# Soal 2 dari 10" in text(two)
    assert stored(database) == [(1, 1), (1, 2)]


def test_the_same_person_state_is_not_shown_to_another(database: Database, cast: Any, app_as: AppAs) -> None:
    sari = save(begin(app_as, cast.tokens["sari"]))
    bima = begin(app_as, cast.tokens["bima"])
    for key in ("kuis", "kuis-tombol"):
        if key in sari.session_state:
            bima.session_state[key] = sari.session_state[key]
    save(bima)
    with database.read() as t:
        owners = t.db.execute(
            select(attempt.c.person_id).join(response, response.c.attempt_id == attempt.c.id)
        ).scalars()
        assert set(owners) == {cast.sari.person_id}


def test_a_deadline_is_shown_and_ends_the_quiz(database: Database, cast: Any, app_as: AppAs) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    assert "Sisa waktu" not in text(at)
    with database.write() as t:
        t.db.execute(update(attempt).values(deadline_at=t.now + timedelta(minutes=9, seconds=30)))
    at.button(key="kembali").click().run()
    assert "Sisa waktu 10 menit" in text(at)
    with database.write() as t:
        t.db.execute(update(attempt).values(deadline_at=t.now - timedelta(minutes=1)))
    at = save(at, 1)
    assert "Waktu habis. Jawaban yang tersimpan sudah dikumpulkan." in text(at)
    with database.read() as t:
        assert t.db.execute(select(attempt.c.state)).scalar() == "expired"
    assert stored(database) == [(1, 1)]


def test_time_that_ran_out_unnoticed_is_closed_by_looking(database: Database, cast: Any, app_as: AppAs) -> None:
    begin(app_as, cast.tokens["sari"])
    with database.write() as t:
        t.db.execute(update(attempt).values(deadline_at=t.now - timedelta(minutes=1)))
    at = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="tes-awal")
    assert "Waktu habis." in text(at)
    with database.read() as t:
        assert t.db.execute(select(attempt.c.state)).scalar() == "expired"


def test_locked_quizzes_name_the_step_before(database: Database, cast: Any, app_as: AppAs) -> None:
    at = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="kuis-akhir")
    assert f"Terbuka setelah “{title_before('kuis-akhir')}” selesai." in text(at)
    assert not at.button


def test_an_unknown_step_leads_to_the_first_open_quiz(database: Database, cast: Any, app_as: AppAs) -> None:
    at = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="../../etc/passwd")
    assert "Tes awal" in text(at)


def test_a_passed_quiz_shows_everything_and_the_way_to_the_pledge(database: Database, cast: Any, app_as: AppAs) -> None:
    attempt_id = take_final(database, cast.sari, right=True)
    at = open_page(app_as, cast.tokens["sari"], REVIEW, percobaan=str(attempt_id))
    assert "Anda lulus dengan nilai 100." in text(at)
    assert text(at).count("### Soal") == 21
    assert text(at).count("**Jawaban Anda**") >= 10
    assert "Dasar: " in text(at)
    assert "Kondisi regulasi per" in text(at)
    assert at.button(key="lanjut").label == "Lanjutkan ke pakta integritas"


def test_a_caveat_is_written_once_on_a_result_and_marked_beside_each_of_its_citations(
    database: Database, cast: Any, app_as: AppAs
) -> None:
    attempt_id = take_final(database, cast.sari, right=True)
    shown = text(open_page(app_as, cast.tokens["sari"], REVIEW, percobaan=str(attempt_id))).replace("\\", "")
    registry = current.library().catalog.registry
    cited = {basis.caveat for basis in registry.bases if basis.caveat and f": {basis.caveat}]" in shown}
    assert cited
    assert all(shown.count(caveat) == 1 for caveat in cited)
    marked = set(re.findall(r"catatan (\d+)", shown))
    assert marked == set(re.findall(r"Catatan (\d+): ", shown))
    assert len(marked) == len(cited)


def test_a_failed_quiz_withholds_the_key_and_says_when_to_try_again(
    database: Database, cast: Any, app_as: AppAs
) -> None:
    take_final(database, cast.sari, right=False)
    at = open_page(app_as, cast.tokens["sari"], REVIEW)
    assert "Nilai Anda 0, ambang lulus 70." in text(at)
    assert "lalu coba lagi mulai" in text(at)
    assert "Pelajari kembali" in text(at)
    assert "Jawaban tepat**" not in text(at)
    assert "Dasar: " not in text(at)
    at = open_page(app_as, cast.tokens["sari"], QUIZ, langkah="kuis-akhir")
    assert "Percobaan berikutnya terbuka" in text(at)


def test_how_sure_one_was_stands_beside_how_it_turned_out(database: Database, cast: Any, app_as: AppAs) -> None:
    at = begin(app_as, cast.tokens["sari"])
    assert "seberapa yakin" not in text(at)
    for position in range(1, 11):
        with database.read() as t:
            row = next(row for row in store.paper(t.db, 1) if row.position == position)
        attempt_key = f"yakin-pilihan-1-{position}-0"
        at.segmented_control(key=attempt_key).set_value("sure")
        at = save(at)
        with database.read() as t:
            row = next(row for row in store.paper(t.db, 1) if row.position == position)
        assert row.confidence == "sure"
    at.button(key="kumpulkan").click().run()
    assert "Anda yakin" in text(at)
    assert ("Baca lebih dahulu" in text(at)) == ("Belum tepat" in text(at) or "sebagian" in text(at))


def test_an_unsent_sureness_is_warned_about(database: Database, cast: Any, app_as: AppAs) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    at = save(at)
    at.button(key="kembali").click().run()
    at.segmented_control(key="yakin-pilihan-1-2-1").set_value("unsure")
    at.button(key="kembali").click().run()
    assert "Pilihan Anda belum disimpan. Simpan dahulu?" in text(at)
    at.button(key="simpan").click().run()
    assert stored(database) == [(1, 1), (2, 1), (2, 2)]


@pytest.mark.parametrize("named", ["1", "999999", "9" * 20, "9" * 5000, "-1", "x", "1e308"])
def test_a_foreign_or_unknown_result_shows_nothing(database: Database, cast: Any, app_as: AppAs, named: str) -> None:
    take_final(database, cast.bima, right=True)
    at = open_page(app_as, cast.tokens["sari"], REVIEW, percobaan=named)
    assert "Belum ada hasil." in text(at)
    assert not at.metric


def markers(attempt_id: int, database: Database) -> dict[int, list[str]]:
    """Return for each position what would give the key away: explanations, misconceptions, bases, versions."""
    with database.read() as t:
        rows = store.paper(t.db, attempt_id)
    return {row.position: every_kind.marks(row.part, row.content) for row in rows}


def payload(at: AppTest) -> str:
    """Return every element of the page as it is sent, without the backslashes of escaped Markdown."""
    parts = [node.proto.SerializeToString() for node in at._tree if getattr(node, "proto", None) is not None]
    return b"\n".join(parts).decode("utf-8", "replace").replace("\\", "")


@pytest.mark.figure
def test_no_key_marker_is_sent_before_the_answer_is_locked(database: Database, cast: Any, app_as: AppAs) -> None:
    at = begin(app_as, cast.tokens["sari"])
    with database.read() as t:
        attempt_id = t.db.execute(select(attempt.c.id)).scalar_one()
    telling, sent = markers(attempt_id, database), [payload(at)]
    for position in range(1, 11):
        choose(at)
        at.button(key="kembali" if position > 1 else "simpan").click().run()
        sent.append(payload(at))
        if position > 1:
            at.button(key="simpan").click().run()
            at.session_state[f"daftar-{position - 1}"] = True
            at.run()
            sent.append(payload(at))
            at.button(key=f"ke-{min(position + 1, 10)}").click().run()
        sent.append(payload(at))
    told = "\n".join(sent)
    assert len(told) > 10_000
    hits = [mark for marks in telling.values() for mark in marks if mark in told]
    name, marks = f"T20 page {database.engine.dialect.name}", sum(map(len, telling.values()))
    figure(name, len(hits), marks, f"key markers found in {len(sent)} payloads before the answer is locked")
    assert hits == []


def test_control_the_result_page_holds_key_markers(database: Database, cast: Any, app_as: AppAs) -> None:
    attempt_id = take_final(database, cast.sari, right=True)
    told = payload(open_page(app_as, cast.tokens["sari"], REVIEW))
    hits = [mark for marks in markers(attempt_id, database).values() for mark in marks if mark in told]
    assert len(hits) >= 20


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that run meanwhile."""
    statements: list[str] = []

    def note(_db: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement.split(" ", maxsplit=1)[0])

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def test_an_answer_takes_one_run_and_few_statements(database: Database, cast: Any, app_as: AppAs) -> None:
    at = save(begin(app_as, cast.tokens["sari"]))
    choose(at)
    with counted(database) as statements:
        at.button(key="simpan").click().run()
    assert "# Soal 3 dari 10" in text(at)
    assert statements.count("INSERT") == 1
    # Who visits (begin, clock, session, roles), then one transaction: begin, clock, lock, questions, insert.
    assert len(statements) <= 9


def test_a_scenario_is_walked_to_its_end_and_back(database: Database, cast: Any, app_as: AppAs) -> None:
    step = next(step for step in current.program().head.steps if step.kind == "scenario")
    finish_before(database, cast.sari.person_id, step.id)
    at = open_page(app_as, cast.tokens["sari"], SCENARIO, langkah=step.id)
    at.button(key="mulai").click().run()
    decisions = 0
    while not any(button.key == "selesai" for button in at.button):
        choice = next(button for button in at.button if str(button.key).startswith("pilih-"))
        choice.click().run()
        decisions += 1
        assert "Pilihan Anda" in text(at)
        assert "Dasar: " in text(at)
        at.button(key="lanjut").click().run()
    assert "Akhir cerita" in text(at)
    assert "Jalan Anda" in text(at)
    with database.read() as t:
        assert t.db.execute(select(func.count()).select_from(decision)).scalar() == decisions
        assert t.db.execute(select(attempt.c.state).where(attempt.c.quiz_id == step.ref)).scalar() == "submitted"
    at.button(key="ulang-0").click().run()
    assert "Keputusan 1" in text(at)
    again = open_page(app_as, cast.tokens["sari"], SCENARIO, langkah=step.id)
    assert "Keputusan 1" in text(again)


def test_a_locked_scenario_names_the_step_before(database: Database, cast: Any, app_as: AppAs) -> None:
    step = [step for step in current.program().head.steps if step.kind == "scenario"][-1]
    at = open_page(app_as, cast.tokens["sari"], SCENARIO, langkah=step.id)
    assert f"Terbuka setelah “{title_before(step.id)}” selesai." in text(at)
    assert not at.button


def test_hr_gives_an_allowance_with_a_reason(database: Database, cast: Any, app_as: AppAs) -> None:
    at = open_page(app_as, cast.tokens["hadi"], ALLOWANCE)
    at.text_input(key="cari").input("wulandari").run()
    at.selectbox(key="peserta").select_index(0)
    at.text_area(key="alasan").input("Jaringan <b>kantor</b> terputus.")
    at.button(key="beri").click().run()
    at.button(key="give-yes").click().run()
    assert "Kelonggaran tersimpan" in text(at)
    assert "Jaringan \\<b\\>kantor\\<\\/b\\> terputus\\." in text(at)
    with database.read() as t:
        row = t.db.execute(select(allowance)).one()
    assert (row.person_id, row.granted_by, row.kind) == (cast.sari.person_id, cast.hadi.person_id, "try")


def test_hr_does_not_find_people_of_another_unit(database: Database, cast: Any, app_as: AppAs) -> None:
    at = open_page(app_as, cast.tokens["hadi"], ALLOWANCE)
    at.text_input(key="cari").input("pratama").run()
    assert "Tidak ada peserta" in text(at)


def test_a_short_reason_is_explained(database: Database, cast: Any, app_as: AppAs) -> None:
    at = open_page(app_as, cast.tokens["ratna"], ALLOWANCE)
    at.text_input(key="cari").input("pratama").run()
    at.selectbox(key="peserta").select_index(0)
    at.text_area(key="alasan").input("macet")
    at.button(key="beri").click().run()
    assert "Tuliskan alasan" in text(at)


def test_learners_have_no_allowance_page(database: Database, cast: Any, app_as: AppAs) -> None:
    at = app_as(cast.tokens["sari"]).run()
    with pytest.raises(Exception, match="allowance"):
        at.switch_page(ALLOWANCE)


def test_a_role_is_chosen_and_changed_until_the_first_decision(database: Database, cast: Any, app_as: AppAs) -> None:
    step = next(step for step in current.program().head.steps if step.by_role)
    locked = open_page(app_as, cast.tokens["bima"], SCENARIO, langkah=step.id)
    assert "Terbuka setelah" in text(locked)
    assert not locked.button
    finish_before(database, cast.sari.person_id, step.id)
    at = open_page(app_as, cast.tokens["sari"], SCENARIO, langkah=step.id)
    assert [button.key for button in at.button] == [f"peran-{role.id}" for role in current.program().head.roles]
    at.button(key="peran-guru").click().run()
    assert "Peran Anda: Guru" in text(at)
    at.button(key="peran-camat").click().run()
    assert "Peran Anda: Camat" in text(at)
    at.button(key="mulai").click().run()
    next(button for button in at.button if str(button.key).startswith("pilih-")).click().run()
    assert "Pilihan Anda" in text(at)
    assert "Peran Anda: Camat" in text(at)
    assert not [button for button in at.button if str(button.key).startswith("peran-")]


def test_a_section_opens_its_module_lists_its_acts_and_ends_with_what_to_remember(
    cast: Any, app_as: AppAs, database: Database
) -> None:
    finish_before(database, cast.sari.person_id, "studi-kasus")
    module = current.program().module("boleh-dan-tidak-boleh")
    shown = {}
    for section in (module.sections[0], module.sections[-1]):
        at = open_page(app_as, cast.tokens["sari"], "pages/learner/section.py", bagian=f"{module.id}/{section.id}")
        shown[section.id] = text(at)
        acts = [rule for rule in module.rules if rule.section == section.id]
        assert [rule.text for rule in acts if rule.text not in shown[section.id]] == []
        assert f"butir bagian ini beserta dasarnya ({len(acts)})" in at.expander[0].label
    first, last = shown.values()
    assert ("Sesudah modul ini" in first, "Yang perlu diingat" in first) == (True, False)
    assert ("Sesudah modul ini" in last, "Yang perlu diingat" in last) == (False, True)


@pytest.mark.parametrize(
    ("number", "behind", "words"),
    [(2, 0, "2 dari 3"), (2, 1, "1 dari 3"), (7, 6, "1 dari 3"), (5, 0, "5 dari 5"), (1, 1, "ke-1")],
)
def test_the_result_counts_the_attempt_within_its_round(number: int, behind: int, words: str) -> None:
    quiz = current.library().quiz("netralitas", "kuis-akhir")
    known: dict[str, Any] = {"next_at": None, "minutes": None, "last": None, "begun": number}
    entry = Admission(quiz=quiz, used=max(number - behind, 0), tries=3, behind=behind, **known)
    assert result.tries(number, entry) == words

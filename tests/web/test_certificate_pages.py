"""The pledge and certificate pages: agree, be certified, or be told what is missing."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update
from streamlit.testing.v1 import AppTest

from certificates import pledge as signing
from certificates import revoking
from certificates.records import Certificate
from demo.walking import Walk
from storage.engine import Database
from storage.tables import certificate, certificate_event, person, pledge
from tests.certificates.conftest import certified, take_quiz, with_issuer
from tests.conftest import Cast
from web import current

AppAs = Callable[[str], AppTest]
PLEDGE, CERTIFICATE = "pages/learner/pledge.py", "pages/learner/certificate.py"
COMPLETIONS = "pages/hr/completions.py"
AGREE = "Setujui dan terbitkan sertifikat"


@pytest.fixture
def own_issuer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agency has set its issuer and signatory."""
    program = with_issuer(current.program())
    monkeypatch.setattr(current, "program", lambda: program)


@pytest.fixture
def passed(database: Database, cast: Cast) -> Cast:
    """Sari has passed the final quiz."""
    with database.write() as transaction:
        take_quiz(transaction.db, cast.sari, transaction.now)
    return cast


def _open(app_as: AppAs, token: str, page: str) -> AppTest:
    at = app_as(token).run()
    return at.switch_page(page).run()


def _counts(database: Database) -> tuple[int, int]:
    with database.read() as transaction:
        found = [
            transaction.db.execute(select(func.count()).select_from(one)).scalar_one() for one in (pledge, certificate)
        ]
    return found[0], found[1]


def _said(at: AppTest) -> str:
    shown = [*at.markdown, *at.info, *at.warning, *at.success, *at.error]
    return " ".join(element.value.replace("\\", "") for element in shown)


def test_pledge_before_passing_is_locked(app_as: AppAs, cast: Cast) -> None:
    at = _open(app_as, cast.tokens["sari"], PLEDGE)
    assert [info.value for info in at.info] == ["Terbuka setelah Anda lulus kuis akhir."]
    assert len(at.checkbox) == 0


@pytest.mark.usefixtures("own_issuer")
def test_pledge_without_consent_signs_nothing(app_as: AppAs, database: Database, passed: Cast) -> None:
    at = _open(app_as, passed.tokens["sari"], PLEDGE)
    at.button[0].click().run()
    assert [warning.value for warning in at.warning] == ["Beri tanda pada pernyataan di atas dahulu."]
    assert _counts(database) == (0, 0)


@pytest.mark.usefixtures("own_issuer")
def test_pledge_with_consent_signs_and_issues_at_once(app_as: AppAs, database: Database, passed: Cast) -> None:
    at = _open(app_as, passed.tokens["sari"], PLEDGE)
    at.checkbox(key="agreed").check()
    at.button[0].click().run()
    assert not at.exception
    assert "Sertifikat Anda terbit dengan nomor 800/0001/BKPSDM/" in _said(at)
    assert at.button(key="lihat").label == "Lihat sertifikat"
    assert _counts(database) == (1, 1)
    at = at.switch_page("pages/learner/review.py").run()
    assert at.button(key="lanjut").label == "Lihat sertifikat"


def test_pledge_stands_while_the_issuer_is_not_set_and_the_page_says_who_has_to_act(
    app_as: AppAs, database: Database, passed: Cast
) -> None:
    at = _open(app_as, passed.tokens["sari"], PLEDGE)
    at.checkbox(key="agreed").check()
    at.button[0].click().run()
    said = _said(at)
    assert "Pakta integritas sudah Anda setujui." in said
    waiting = "Sertifikat Anda menunggu penerbit dan penanda tangan ditetapkan."
    assert (waiting in said, "program.yaml" in said) == (True, False)
    assert _counts(database) == (1, 0)
    at = _open(app_as, passed.tokens["sari"], CERTIFICATE)
    assert (waiting in _said(at), "Tinggal satu langkah lagi" in _said(at)) == (True, False)


def test_home_says_what_the_certificate_waits_for(app_as: AppAs, database: Database, cast: Cast) -> None:
    with database.write() as transaction:
        db, now, program = transaction.db, transaction.now, current.program()
        walk = Walk(db, current.library(), program, Random(1), "http://127.0.0.1")
        walk.go(cast.sari, "passed", now - timedelta(days=1), now)
        signing.sign(db, actor=cast.sari, program=program, now=now)
    assert "menunggu penerbit dan penanda tangan ditetapkan" in _said(app_as(cast.tokens["sari"]).run())


@pytest.mark.parametrize(("key", "mend"), [("hadi", "Minta admin"), ("admin", "docs/operating.md")])
def test_hr_and_admin_are_told_of_the_example_issuer_before_anybody_has_finished(
    app_as: AppAs, cast: Cast, key: str, mend: str
) -> None:
    said = _said(_open(app_as, cast.tokens[key], COMPLETIONS))
    assert ("belum dapat diterbitkan" in said, mend in said) == (True, True)


def test_in_the_example_nobody_is_told_of_the_issuer(app_as: AppAs, database: Database, cast: Cast) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).values(is_example=True))
    at = _open(app_as, cast.tokens["hadi"], COMPLETIONS)
    assert "belum dapat diterbitkan" not in _said(at)


def test_waiting_certificate_is_issued_once_the_issuer_is_set(
    app_as: AppAs, database: Database, passed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = _open(app_as, passed.tokens["sari"], PLEDGE)
    at.checkbox(key="agreed").check()
    at.button[0].click().run()
    program = with_issuer(current.program())
    monkeypatch.setattr(current, "program", lambda: program)
    at.run()
    assert [button.label for button in at.button] == ["Terbitkan sertifikat"]
    at.button[0].click().run()
    assert "Sertifikat Anda terbit" in _said(at)
    assert _counts(database) == (1, 1)


def test_certificate_page_without_certificate_says_how_to_get_one(app_as: AppAs, cast: Cast) -> None:
    at = _open(app_as, cast.tokens["sari"], CERTIFICATE)
    assert [info.value for info in at.info] == ["Belum ada sertifikat. Selesaikan program untuk memperolehnya."]


@pytest.fixture
def issued(database: Database, cast: Cast) -> Certificate:
    """Sari's certificate; her name looks like Markdown."""
    with database.write() as transaction:
        name = "Sari [x](https://lain.example) ![y](https://lain.example/z.png)"
        transaction.db.execute(update(person).where(person.c.id == cast.sari.person_id).values(name=name))
        return certified(transaction, cast.sari, with_issuer(current.program()))


@pytest.mark.usefixtures("own_issuer")
def test_certificate_page_shows_picture_file_link_and_fields(app_as: AppAs, cast: Cast, issued: Certificate) -> None:
    at = _open(app_as, cast.tokens["sari"], CERTIFICATE)
    assert not at.exception
    pictures = [element.value for element in at.markdown if element.value.startswith("![")]
    assert len(pictures) == 1
    assert pictures[0].endswith(f"](/sertifikat/{issued.id}.png)")
    assert "](https://lain" not in pictures[0]
    links = [element.proto.url for element in at.get("link_button")]
    assert links[0] == f"/sertifikat/{issued.id}.pdf"
    assert links[1].startswith("https://wa.me/?text=Sertifikat%20")
    assert links[2] == f"/v/{issued.record.code}"
    values = [code.value for code in at.code]
    assert values[0] == issued.record.link
    assert issued.record.number in values
    assert str(issued.record.jp) in values
    assert [success.value for success in at.success] == ["Sertifikat sah"]


@pytest.mark.usefixtures("own_issuer", "issued")
def test_nobody_sees_the_certificate_of_another(app_as: AppAs, cast: Cast) -> None:
    at = _open(app_as, cast.tokens["bima"], CERTIFICATE)
    assert [info.value for info in at.info] == ["Belum ada sertifikat. Selesaikan program untuk memperolehnya."]
    assert len(at.code) == 0


@pytest.fixture
def ended(database: Database, issued: Certificate) -> Certificate:
    """The same certificate, whose last day is over."""
    with database.write() as transaction:
        past = transaction.now - timedelta(days=1)
        transaction.db.execute(update(certificate).where(certificate.c.id == issued.id).values(expires_at=past))
    return issued


@pytest.mark.usefixtures("own_issuer", "issued")
def test_good_certificate_offers_no_renewal_and_says_when_it_will(app_as: AppAs, cast: Cast) -> None:
    at = _open(app_as, cast.tokens["sari"], CERTIFICATE)
    assert "Sertifikat dapat diperbarui mulai " in _said(at)
    assert len(at.button) == 0


@pytest.mark.usefixtures("own_issuer")
def test_ended_certificate_is_renewed_from_the_page_and_the_old_one_reads_superseded(
    app_as: AppAs, database: Database, cast: Cast, ended: Certificate
) -> None:
    at = _open(app_as, cast.tokens["sari"], CERTIFICATE)
    assert "Kedaluwarsa sejak" in _said(at)
    at.button(key=f"renew-{ended.id}").click().run()
    assert not at.exception
    assert "Lulus kuis akhir" not in _said(at)
    with database.write() as transaction:
        take_quiz(transaction.db, cast.sari, transaction.now)
    at = _open(app_as, cast.tokens["sari"], PLEDGE)
    at.checkbox(key="agreed").check()
    at.button[0].click().run()
    at = _open(app_as, cast.tokens["sari"], CERTIFICATE)
    said = _said(at)
    assert "Sertifikat sah" in said
    assert "Digantikan oleh 800/0002/BKPSDM/" in said
    assert _counts(database) == (2, 2)


@pytest.mark.usefixtures("own_issuer")
def test_hr_reads_that_a_certificate_is_revoked_and_allows_another_go(
    app_as: AppAs, database: Database, cast: Cast, issued: Certificate
) -> None:
    with database.write() as transaction:
        revoking.revoke(
            transaction.db, actor=cast.hadi, certificate_id=issued.id, reason="Nama keliru", now=transaction.now
        )
    at = _open(app_as, cast.tokens["hadi"], "pages/hr/revoke.py")
    at.text_input(key="named").set_value(issued.record.number).run()
    at.button(key="again").click().run()
    assert "Tersimpan" in _said(at)
    at = _open(app_as, cast.tokens["sari"], CERTIFICATE)
    assert "Pembaruan sertifikat sedang berjalan" in _said(at)


@pytest.mark.usefixtures("own_issuer")
def test_a_certificate_is_revoked_after_a_second_button_and_the_form_is_gone(
    app_as: AppAs, database: Database, cast: Cast, issued: Certificate
) -> None:
    at = _open(app_as, cast.tokens["hadi"], "pages/hr/revoke.py")
    at.text_input(key="named").set_value(issued.record.number.lower()).run()
    said = _said(at)
    assert "19900101 201503 2 901 · Dinas Kominfo" in said
    assert f"Nomor {issued.record.number} · terbit " in said
    at.text_input(key="reason").set_value("Data keliru")
    at.button(key="revoke_form").click().run()
    assert f"Cabut sertifikat {issued.record.number} milik Sari" in _said(at)
    with database.read() as transaction:
        assert transaction.db.execute(select(certificate_event.c.id)).all() == []
    at.button(key="revoke-yes").click().run()
    assert not at.exception
    assert [*at.text_input, *at.error] == []
    assert "dicabut" in at.success[0].value
    with database.read() as transaction:
        assert transaction.db.execute(select(certificate_event.c.state)).scalars().all() == ["revoked"]

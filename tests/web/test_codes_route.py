"""/kode-aktivasi: codes for a unit or a person, shown once, to those who may."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import Connection, func, insert, select, text, update
from starlette.testclient import TestClient

from people import activation, codes
from people.roles import PROOF_VALID, Actor
from storage.engine import Database
from storage.tables import activation_code, login_session, person, sso_account
from tests.conftest import Cast
from tests.web.stack import OWN, client
from web.routes.proof import back

As = Callable[[str], TestClient]
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6}-[0-9A-HJKMNP-TV-Z]{6}-[0-9A-HJKMNP-TV-Z]{6}")


@pytest.fixture
def as_(cast: Cast) -> As:
    """Make a client that carries one person's cookie; "" is nobody."""

    def opened(key: str) -> TestClient:
        made = client(headers={"Origin": OWN})
        if key:
            made.cookies.set("sinetral", cast.tokens[key])
        return made

    return opened


HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="(\d+)">')


def asked(visitor: TestClient, query: str) -> dict[str, str]:
    """Return the hidden fields of the page that asks, as the browser sends them."""
    return dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="(\d+)">', visitor.get(f"/kode-aktivasi?{query}").text)
    )


def codes_made(database: Database) -> int:
    with database.read() as transaction:
        return int(transaction.db.execute(select(func.count()).select_from(activation_code)).scalar_one())


def test_a_sheet_shows_every_code_once(as_: As, cast: Cast, database: Database) -> None:
    hadi = as_("hadi")
    chooser = hadi.get("/kode-aktivasi")
    assert "Dinas Kominfo" in chooser.text
    assert "Dinas Pendidikan" not in chooser.text
    assert "1 pegawai belum aktif" in hadi.get(f"/kode-aktivasi?unit={cast.kominfo}").text
    assert codes_made(database) == 0  # looking makes nothing
    sheet = hadi.post("/kode-aktivasi", data=asked(hadi, f"unit={cast.kominfo}"))
    assert sheet.status_code == 200
    assert sheet.headers["cache-control"] == "no-store"
    assert "Sari Wulandari, S.Sos." in sheet.text
    assert "NIP 19900101 201503 2 901" in sheet.text
    assert "http://127.0.0.1:8501/aktivasi" in sheet.text
    assert re.search(r"Berlaku sampai \d+ \w+ \d{4} pukul \d\d\.\d\d WIB", sheet.text)
    (code,) = set(CODE.findall(sheet.text))
    with database.read() as transaction:
        nip = cast.sari.nip or ""
        found = activation.candidate(transaction.db, identifier=nip, code=code, now=transaction.now)
    assert found.person_id == cast.sari.person_id
    assert CODE.search(hadi.get(f"/kode-aktivasi?unit={cast.kominfo}").text) is None


def test_one_person_gets_a_new_code(as_: As, cast: Cast, database: Database) -> None:
    hadi = as_("hadi")
    assert "Sari Wulandari" in hadi.get(f"/kode-aktivasi?person={cast.sari.person_id}").text
    assert codes_made(database) == 0
    fields = asked(hadi, f"person={cast.sari.person_id}")
    assert len(CODE.findall(hadi.post("/kode-aktivasi", data=fields).text)) == 1


@pytest.mark.parametrize("what", ["unit", "person"])
def test_sheet_sent_again_by_reload_changes_nothing_and_asks(
    as_: As, cast: Cast, database: Database, what: str
) -> None:
    hadi = as_("hadi")
    fields = asked(hadi, f"unit={cast.kominfo}" if what == "unit" else f"person={cast.sari.person_id}")
    (code,) = set(CODE.findall(hadi.post("/kode-aktivasi", data=fields).text))
    for _ in range(2):
        again = hadi.post("/kode-aktivasi", data=fields)
        assert again.status_code == 409
        assert again.headers["cache-control"] == "no-store"
        assert "Buat lagi?" in again.text
        assert CODE.search(again.text) is None
    assert codes_made(database) == 1
    with database.read() as transaction:
        nip = cast.sari.nip or ""
        assert activation.candidate(transaction.db, identifier=nip, code=code, now=transaction.now)
    # Asked for on purpose, from the page that asks, there are new ones.
    newer = dict(HIDDEN.findall(again.text))
    assert CODE.search(hadi.post("/kode-aktivasi", data=newer).text)
    assert codes_made(database) == 2


def test_form_without_what_it_saw_makes_nothing(as_: As, cast: Cast, database: Database) -> None:
    for seen in ({}, {"seen": ""}, {"seen": "-1"}, {"seen": "٠"}, {"seen": "9" * 30}):
        answer = as_("hadi").post("/kode-aktivasi", data={"unit": str(cast.kominfo), **seen})
        assert answer.status_code == 409
    assert codes_made(database) == 0


def _two_at_once(as_: As, cast: Cast) -> list[int]:
    visitors = [as_("hadi"), as_("admin")]
    fields = [asked(visitor, f"unit={cast.kominfo}") for visitor in visitors]
    together = Barrier(2)

    def send(index: int) -> int:
        together.wait()
        return visitors[index].post("/kode-aktivasi", data=fields[index]).status_code

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(send, range(2)))


def test_two_officers_at_once_make_one_sheet(as_: As, cast: Cast, database: Database) -> None:
    assert _two_at_once(as_, cast) == [200, 409]
    assert codes_made(database) == 1


def test_control_without_the_check_kills_the_first_sheet(
    as_: As, cast: Cast, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "_require_unsent", lambda *_arguments: None)
    assert _two_at_once(as_, cast) == [200, 200]
    assert codes_made(database) == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("who", "what", "status"),
    [
        ("hadi", "own unit", 200),
        ("admin", "other unit", 200),
        ("", "own unit", 303),
        ("sari", "own unit", 403),
        ("ratna", "own unit", 403),
        ("hadi", "other unit", 403),
        ("hadi", "person of another unit", 404),
        ("sari", "person of another unit", 403),
        ("admin", "unknown unit", 404),
        ("admin", "unknown person", 404),
        *[("admin", f"unit={bad}", 404) for bad in ("x", "-1", "1.5", "1e3", "٣", "9" * 30, "1 OR 1=1", "%00")],
        *[("admin", f"person={bad}", 404) for bad in ("x", "-1", "9" * 30)],
    ],
)
def test_who_gets_what(as_: As, cast: Cast, method: str, who: str, what: str, status: int, database: Database) -> None:
    known = {
        "own unit": f"unit={cast.kominfo}",
        "other unit": f"unit={cast.pendidikan}",
        "person of another unit": f"person={cast.bima.person_id}",
        "unknown unit": "unit=999999",
        "unknown person": "person=999999",
    }
    query = known.get(what, what)
    if method == "GET":
        answer = as_(who).get(f"/kode-aktivasi?{query}")
    else:
        answer = as_(who).post(
            "/kode-aktivasi", content=f"{query}&seen=0", headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
    if method == "POST" and what == "person of another unit":
        status = 403
    assert answer.status_code == status
    if status != 200:
        assert "Bima" not in answer.text
        assert "Sari" not in answer.text
        assert codes_made(database) == 0
    if status == 303:
        assert answer.headers["location"] == "/masuk?next=%2Fpegawai"


def test_wrong_methods_and_origins(as_: As, cast: Cast, database: Database) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        assert as_("admin").request(method, "/kode-aktivasi").status_code == 405
    for origin in ("https://jahat.example", "null", "http://127.0.0.1:9"):
        answer = as_("admin").post("/kode-aktivasi", data={"unit": str(cast.kominfo)}, headers={"Origin": origin})
        assert answer.status_code == 403
    assert codes_made(database) == 0


def test_too_many_for_one_sheet_asks_for_a_smaller_unit(as_: As, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "MOST", 0)
    answer = as_("hadi").post("/kode-aktivasi", data={"unit": str(cast.kominfo)})
    assert "pilih unit yang lebih kecil" in answer.text


def test_whoever_activated_in_between_is_told_as_such(as_: As, cast: Cast, database: Database) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(update(person).where(person.c.id == cast.bima.person_id).values(unit_id=cast.kominfo))
        codes.issue(db, person_id=cast.bima.person_id, created_by=None, now=now)
        made = codes.issue(db, person_id=cast.sari.person_id, created_by=None, now=now)
    hadi = as_("hadi")
    fields = asked(hadi, f"unit={cast.kominfo}")
    with database.write() as transaction:
        activation.activate(
            transaction.db, person_id=cast.sari.person_id, code=made, password_hash="x", now=transaction.now
        )
    again = hadi.post("/kode-aktivasi", data=fields)
    assert again.status_code == 409
    assert "Daftar ini berubah" in again.text
    assert "Kode sudah dibuat" not in again.text
    newer = dict(HIDDEN.findall(again.text))
    assert CODE.search(hadi.post("/kode-aktivasi", data=newer).text)


def test_a_code_for_staff_asks_again_who_makes_it(as_: As, cast: Cast, database: Database) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(update(login_session).values(proved_at=now - PROOF_VALID))
        db.execute(insert(sso_account).values(issuer="i", subject="s", person_id=cast.bima.person_id, linked_at=now))
    admin = as_("admin")
    for target in (cast.ratna, cast.hadi, cast.admin, cast.bima):
        page = f"/kode-aktivasi?person={target.person_id}"
        answer = admin.post("/kode-aktivasi", data=asked(admin, page.partition("?")[2]), follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/masuk/ulang?next={quote(page, safe='')}")
        assert back(page) == page
    assert codes_made(database) == 0
    # Control: a learner's account is nothing that a proof guards.
    mine = asked(admin, f"person={cast.sari.person_id}")
    assert CODE.search(admin.post("/kode-aktivasi", data=mine).text)
    with database.write() as transaction:  # and with a fresh proof they are made
        transaction.db.execute(update(login_session).values(proved_at=transaction.now))
    for target in (cast.ratna, cast.bima):
        assert CODE.search(admin.post("/kode-aktivasi", data=asked(admin, f"person={target.person_id}")).text)


def test_the_way_back_leads_to_no_other_address() -> None:
    for path in ("/kode-aktivasi?person=1&unit=2", "/kode-aktivasi?person=x", "/kode-aktivasi?person=1\n", "//kode"):
        assert back(path) == "/"


def test_who_signs_in_at_the_agency_does_not_wait_for_a_code(cast: Cast, database: Database) -> None:
    def waiting() -> int:
        with database.read() as transaction:
            return codes.waiting(transaction.db, actor=cast.admin, unit_id=cast.pendidikan).people

    assert waiting() == 1
    with database.write() as transaction:
        values = {"issuer": "i", "subject": "s", "person_id": cast.bima.person_id, "linked_at": transaction.now}
        transaction.db.execute(insert(sso_account).values(values))
    assert waiting() == 0


def test_who_comes_while_codes_are_being_made_waits_and_makes_none(cast: Cast, database: Database) -> None:
    """Forced: the second officer asks when the first one's transaction has made its codes and not ended yet."""

    def make(actor: Actor) -> int:
        with database.write() as transaction:
            unit: dict[str, Any] = {"unit_id": cast.kominfo, "now": transaction.now, "seen": 0}
            return len(codes.issue_for_unit(transaction.db, actor=actor, **unit))

    def waits(db: Connection) -> bool:
        if db.dialect.name == "sqlite":  # one writer at a time: it waits before its first statement
            return True
        return bool(db.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())

    with ThreadPoolExecutor(1) as threads:
        with database.write() as transaction:
            db = transaction.db
            codes.issue_for_unit(db, actor=cast.hadi, unit_id=cast.kominfo, now=transaction.now, seen=0)
            second = threads.submit(make, cast.admin)
            while not waits(db) and not second.done():
                pass
        with pytest.raises(codes.AlreadyMade):
            second.result()
    assert codes_made(database) == 1

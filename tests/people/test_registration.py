"""Self-registration: closed unless opened, takes over nobody, and gives no certificate."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from certificates import issuing, pledge
from certificates.refusals import AssuranceTooLow, NotPassed
from people import activation, codes, lifting, passwords, registration, registration_store, roster, signin, staff, units
from people.registration import ClaimRefused, Closed
from people.roles import EVERYONE, Actor, ProofNeeded, Refused, Scope
from people.staff import NotConfirmed
from people.throttle import LIMIT, Throttled
from reports import completion
from reports.rows import Filter
from storage.engine import Database
from storage.tables import attempt, audit, person, quiz_round, recovery_code, role_grant, sso_account, totp
from tests.certificates.conftest import take_quiz, with_issuer
from tests.conftest import Cast
from tests.figures import count, figure
from tests.web.stack import OWN, client
from web import current
from web.widgets import refusals

KEY = b"x" * 40
TODAY = date(2026, 11, 21)
PASSWORD = "lumbung ketapang 7 angsa"
NEW = "199001012020121999"


def turn(database: Database, cast: Cast, opened: bool = True) -> None:
    with database.write() as transaction:
        registration.set_open(transaction.db, actor=cast.admin, opened=opened, now=transaction.now)


@pytest.fixture
def opened(database: Database, cast: Cast) -> Cast:
    """The cast, while an administrator lets people register themselves."""
    turn(database, cast)
    return cast


def register(
    database: Database, identifier: str, unit_id: int, *, name: str = "Orang Baru", kept: str = "forged"
) -> None:
    claim = registration.read(identifier=identifier, name=name, unit_id=unit_id, today=TODAY)
    with database.write() as transaction:
        registration.begin(transaction.db, claim=claim, key=KEY, now=transaction.now)
    with database.write() as transaction:
        registration.register(transaction.db, claim=claim, password_hash=kept, now=transaction.now)


def people(database: Database) -> list[Any]:
    with database.read() as transaction:
        return list(transaction.db.execute(select(person).order_by(person.c.id)))


def browser() -> TestClient:
    return client(headers={"Origin": OWN})


def fields(cast: Cast, **more: str) -> dict[str, str]:
    return {"nip": NEW, "nama": "Orang Baru, S.H.", "unit": str(cast.kominfo), "sandi": PASSWORD, **more}


def test_closed_until_an_administrator_opens_it(database: Database, cast: Cast) -> None:
    for answer in (browser().get("/daftar"), browser().post("/daftar", data=fields(cast))):
        assert answer.status_code == 404
        assert "Pendaftaran mandiri tidak dibuka." in answer.text
        assert "Dinas Kominfo" not in answer.text
    assert "/daftar" not in browser().get("/masuk").text
    with pytest.raises(Closed):
        register(database, NEW, cast.kominfo)
    turn(database, cast)
    assert "Dinas Kominfo" in browser().get("/daftar").text
    assert "/daftar" in browser().get("/masuk").text
    turn(database, cast, opened=False)
    assert browser().post("/daftar", data=fields(cast)).status_code == 404
    assert len(people(database)) == 5


def test_only_administrators_turn_the_switch_and_each_turn_is_audited(database: Database, cast: Cast) -> None:
    for actor in (cast.sari, cast.ratna, cast.hadi):
        with database.write() as transaction, pytest.raises(Refused):
            registration.set_open(transaction.db, actor=actor, opened=True, now=transaction.now)
    for want in (True, True, False):
        turn(database, cast, want)
    with database.read() as transaction:
        actions = transaction.db.execute(select(audit.c.actor, audit.c.action).order_by(audit.c.id)).all()
    assert [tuple(row) for row in actions] == [
        (cast.admin.reference, "registration.open"),
        (cast.admin.reference, "registration.close"),
    ]
    stale = current.actor_of(cast.tokens["admin"])
    assert stale is not None
    later = (stale.proved_at or datetime.now(UTC)) + timedelta(minutes=10)
    with database.write() as transaction, pytest.raises(ProofNeeded):
        registration.set_open(transaction.db, actor=stale, opened=True, now=later)


def test_a_newcomer_registers_and_signs_in_as_declared(database: Database, opened: Cast) -> None:
    visitor = browser()
    answer = visitor.post("/daftar", data=fields(opened, nip="19900101 202012 1 999"))
    assert answer.status_code == 200
    assert "sinetral" not in visitor.cookies
    row = people(database)[-1]
    assert (row.nip, row.name, row.unit_id, row.assurance) == (NEW, "Orang Baru, S.H.", opened.kominfo, "declared")
    assert visitor.post("/masuk", data={"nip": NEW, "sandi": PASSWORD}).status_code == 303
    actor = current.actor_of(visitor.cookies["sinetral"])
    assert actor is not None
    assert (actor.assurance, actor.roles, actor.owes_factor) == ("declared", frozenset(), False)


def test_known_and_unknown_get_the_same_bytes(database: Database, opened: Cast) -> None:
    with database.write() as transaction:
        transaction.db.execute(update(person).where(person.c.nip == opened.bima.nip).values(state="gone"))
    before = people(database)
    replies = {
        (answer.status_code, answer.content)
        for nip in (NEW, opened.sari.nip, opened.bima.nip, opened.hadi.nip, "adm-1")
        for answer in [browser().post("/daftar", data=fields(opened, nip=nip or ""))]
    }
    assert len(replies) == 1
    after = people(database)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1


def _forge(database: Database, identifiers: list[str], unit_id: int) -> int:
    """Register with each number; return how many accounts were made or changed by it."""
    before, refused = people(database), 0
    for identifier in identifiers:
        try:
            register(database, identifier, unit_id)
        except IntegrityError:
            refused += 1
    after = people(database)
    changed = [one for one, other in zip(before, after, strict=False) if one != other]
    return len(changed) + len(after) - len(before)


@pytest.mark.figure
def test_forged_registrations_take_over_nobody(
    database: Database, opened: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = count(100, 500)
    with database.write() as transaction:
        common = {"name": "P", "unit_id": opened.kominfo, "created_at": transaction.now, "updated_at": transaction.now}
        rows = [
            {
                "nip": None if number % 5 == 4 else f"19900101201512{1001 + number}",
                "employee_id": f"hon-{number}" if number % 5 == 4 else None,
                "kind": "non_asn" if number % 5 == 4 else "pns",
                "password_hash": None if number % 5 == 0 else "own",
                "state": "gone" if number % 5 == 1 else "active",
                "assurance": "roster" if number % 5 == 0 else "code",
                **common,
            }
            for number in range(many)
        ]
        ids = list(transaction.db.execute(insert(person).returning(person.c.id), rows).scalars())
        transaction.db.execute(
            insert(role_grant),
            [{"person_id": each, "role": "trainer", "granted_at": transaction.now} for each in ids[2::5]],
        )
    spelled = [f"HON-{number}" if row["employee_id"] else f" {row['nip']} " for number, row in enumerate(rows)]
    taken = _forge(database, spelled, opened.pendidikan)
    figure("T02", many - taken, many, "forged registrations take over nobody and make no second account")
    assert taken == 0
    # Control: without the look at who is known, an employee id in other capitals becomes a second account.
    monkeypatch.setattr(registration_store, "is_known", lambda *_: False)
    assert _forge(database, spelled[4:100:5], opened.pendidikan) == 20


def test_of_two_who_claim_a_number_at_once_one_has_it(database: Database, opened: Cast) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: register(database, "hon-7" if n % 2 else "HON-7", opened.kominfo), range(8)))
    assert len(people(database)) == 6


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"identifier": ""}, "identifier", "nip_empty"),
        ({"identifier": "3201234567890123"}, "identifier", "claim_nik"),
        ({"identifier": "3201 2345 6789 0123"}, "identifier", "claim_nik"),
        ({"identifier": "199013012020121999"}, "identifier", "nip_birth"),
        ({"identifier": "199001012020121000"}, "identifier", "claim_zeros"),
        ({"identifier": "19900101202012199"}, "identifier", "nip_length"),
        ({"identifier": "x" * 41}, "identifier", "id_long"),
        ({"name": ""}, "name", "name_empty"),
        ({"name": "x" * 201}, "name", "name_long"),
    ],
)
def test_what_names_nobody_is_refused(typed: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(ClaimRefused) as refused:
        registration.read(**{"identifier": NEW, "name": "Orang", **typed}, unit_id=1, today=TODAY)
    assert (refused.value.field, refused.value.code) == (field, code)


@pytest.mark.parametrize("number", ["2023001234", "131234567", "0012", "20230012345678"])
def test_the_number_of_an_office_is_no_nip(number: str) -> None:
    claim = registration.read(identifier=number, name="Orang", unit_id=1, today=TODAY)
    assert (claim.nip, claim.employee_id, claim.kind) == (None, number, "non_asn")


def test_errors_stand_at_their_fields_and_typed_text_is_escaped(database: Database, opened: Cast) -> None:
    for changed, where in (({"nip": "3201234567890123"}, "nip"), ({"nama": " "}, "nama"), ({"unit": "0"}, "unit")):
        answer = browser().post("/daftar", data=fields(opened, **changed))
        assert answer.status_code == 422
        assert f'id="{where}-salah"' in answer.text
    answer = browser().post("/daftar", data=fields(opened, sandi="terlalu pendek"))
    assert "kurang dari 15 karakter" in answer.text
    assert "terlalu pendek" not in answer.text
    hostile = browser().post("/daftar", data=fields(opened, nama='"><script>alert(1)</script>', unit="x"))
    assert "<script>alert" not in hostile.text
    assert len(people(database)) == 5


def test_registrations_are_throttled(database: Database, opened: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(LIMIT):
        register(database, opened.sari.nip or "", opened.kominfo)
    with pytest.raises(Throttled):
        register(database, opened.sari.nip or "", opened.kominfo)
    monkeypatch.setattr(registration, "MOST_AT_ONCE", LIMIT + 3)
    for number in range(3):
        register(database, f"HON-{number}", opened.kominfo)
    with pytest.raises(Throttled):
        register(database, "HON-9", opened.kominfo)
    answer = browser().post("/daftar", data=fields(opened))
    assert answer.status_code in (200, 429)


def test_a_declared_person_gets_no_certificate_and_reads_what_to_do(database: Database, opened: Cast) -> None:
    program = with_issuer(current.program())
    register(database, NEW, opened.kominfo)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        person_id = people_id(db, NEW)
        token = signin.open_session(db, person_id=person_id, assurance="declared", now=now)
        found = signin.resolve(db, token=token, now=now)
        assert found is not None
        take_quiz(db, found.actor, now)
        pledge.sign(db, actor=found.actor, program=program, now=now)
        with pytest.raises(AssuranceTooLow) as refused:
            issuing.issue(
                db, actor=found.actor, program=program, as_of=TODAY, now=now, public_url="http://127.0.0.1:8501"
            )
    assert "Minta SDM unit Anda memastikannya" in refusals.words(refused.value)


def test_who_registered_themselves_gets_no_role(database: Database, opened: Cast) -> None:
    register(database, NEW, opened.kominfo)

    def grant(person_id: int) -> None:
        with database.write() as transaction:
            staff.grant_role(
                transaction.db, actor=opened.admin, person_id=person_id, role="trainer", now=transaction.now
            )

    newest = people(database)[-1].id
    with pytest.raises(NotConfirmed):
        grant(newest)
    imported(database, opened, f"NIP;Nama;Unit Kerja\n{NEW};Orang Benar;Dinas Kominfo\n")
    with pytest.raises(NotConfirmed):  # the roster says that there is such a person, not who holds the account
        grant(newest)
    coded(database, opened, newest)
    grant(newest)


def test_who_signs_in_at_the_agency_may_have_a_role(database: Database, cast: Cast) -> None:
    bima = cast.bima.person_id
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(update(person).where(person.c.id == bima).values(assurance="roster"))
        with pytest.raises(NotConfirmed):
            staff.grant_role(db, actor=cast.admin, person_id=bima, role="trainer", now=now)
        db.execute(insert(sso_account).values(issuer="i", subject="s", person_id=bima, linked_at=now))
        staff.grant_role(db, actor=cast.admin, person_id=bima, role="trainer", now=now)


def imported(database: Database, cast: Cast, text: str) -> None:
    """Import a roster as HR of Kominfo."""
    own = Scope(everyone=False, units=frozenset({cast.kominfo}))
    table = roster.read(text.encode(), today=TODAY)
    with database.write() as transaction:
        shown = roster.plan(transaction.db, scope=own, table=table)
        assert shown.refused == []
        roster.apply(transaction.db, shown=shown, scope=own, actor="person:1", now=transaction.now)


def coded(database: Database, cast: Cast, person_id: int) -> Actor:
    """Let HR make a code, and the person activate with it; return them as signed in."""
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        code = codes.issue_for_person(db, actor=cast.hadi, person_id=person_id, now=now).code
        kept = passwords.hashed("baru")
        token = activation.activate(db, person_id=person_id, code=code, password_hash=kept, now=now)
        found = signin.resolve(db, token=token, now=now)
    assert found is not None
    return found.actor


def people_id(db: Any, nip: str) -> int:
    return int(db.execute(select(person.c.id).where(person.c.nip == nip)).scalar_one())


NAMED_BY = {
    "nip": (NEW, f"NIP;Nama;Unit Kerja\n{NEW};Orang Benar;Dinas Kominfo\n"),
    "employee id": ("HON-77", f"NIP;ID Pegawai;Nama;Unit Kerja\n{NEW};HON-77;Orang Benar;Dinas Kominfo\n"),
}


def strangers_way_in(database: Database, cast: Cast, identifier: str, text: str) -> tuple[str, TestClient, Any]:
    """Let a stranger register and sign in, and HR of another unit than they chose import the number."""
    register(database, identifier, cast.pendidikan, kept=passwords.hashed(PASSWORD))
    stranger = browser()
    assert stranger.post("/masuk", data={"nip": identifier, "sandi": PASSWORD}).status_code == 303
    newest = people(database)[-1].id
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(insert(totp).values(person_id=newest, sealed="x", confirmed_at=now, last_step=1))
        db.execute(insert(recovery_code).values(person_id=newest, code_hash="x", created_at=now))
        db.execute(insert(sso_account).values(issuer="i", subject="s", person_id=newest, linked_at=now))
    imported(database, cast, text)
    return stranger.cookies["sinetral"], stranger, people(database)[-1]


@pytest.mark.parametrize("named_by", NAMED_BY)
def test_the_roster_shuts_a_stranger_out_and_the_code_opens(database: Database, opened: Cast, named_by: str) -> None:
    token, _, row = strangers_way_in(database, opened, *NAMED_BY[named_by])
    assert (row.assurance, row.name, row.unit_id, row.nip) == ("roster", "Orang Benar", opened.kominfo, NEW)
    assert row.password_hash is None
    assert current.actor_of(token) is None
    assert browser().post("/masuk", data={"nip": NEW, "sandi": PASSWORD}).status_code == 401
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        for table in (totp, recovery_code, sso_account):
            assert db.execute(select(table)).all() == []
        # Handed a code with the rest of the unit.
        slips = codes.issue_for_unit(db, actor=opened.hadi, unit_id=opened.kominfo, now=now)
        (code,) = [slip.code for slip in slips if slip.nip == NEW]
        token = activation.activate(db, person_id=row.id, code=code, password_hash=passwords.hashed("baru"), now=now)
        found = signin.resolve(db, token=token, now=now)
    assert found is not None
    assert found.actor.assurance == "code"
    assert browser().post("/masuk", data={"nip": NEW, "sandi": PASSWORD}).status_code == 401


def test_control_without_a_new_beginning_the_stranger_stays(
    database: Database, opened: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifting, "begin_anew", lambda *_, **__: None)
    token, _, _ = strangers_way_in(database, opened, *NAMED_BY["nip"])
    assert current.actor_of(token) is not None
    assert browser().post("/masuk", data={"nip": NEW, "sandi": PASSWORD}).status_code == 303


@pytest.mark.parametrize("by_roster", [True, False], ids=["by roster", "by code alone"])
def test_what_was_answered_while_declared_gives_no_certificate(
    database: Database, opened: Cast, by_roster: bool
) -> None:
    program = with_issuer(current.program())
    register(database, NEW, opened.kominfo)
    person_id = people(database)[-1].id
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        take_quiz(db, Actor(person_id, "", assurance="declared"), now)
        take_quiz(db, Actor(person_id, ""), now, state="open", closed_at=None, passed=None, score=None)
        take_quiz(db, Actor(person_id, ""), now, quiz_id="tes-awal", pass_mark=None, passed=None)
    if by_roster:
        imported(database, opened, NAMED_BY["nip"][1])
    actor = coded(database, opened, person_id)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        assert db.execute(select(attempt).where(attempt.c.state == "open")).all() == []
        assert [row.quiz_id for row in db.execute(select(quiz_round))] == ["kuis-akhir"]
        with pytest.raises(NotPassed):
            pledge.sign(db, actor=actor, program=program, now=now)
        shown = completion.rows(db, scope=EVERYONE, program=program, wanted=Filter(text=NEW), now=now)
        assert [row.status for row in shown] == ["failed"]
        take_quiz(db, actor, now)  # control: the person's own quiz counts
        pledge.sign(db, actor=actor, program=program, now=now)
        made = issuing.issue(db, actor=actor, program=program, as_of=TODAY, now=now, public_url="http://127.0.0.1:8501")
    assert made.record.assurance == "code"


def test_who_registered_themselves_fills_no_list_of_hr(database: Database, opened: Cast) -> None:
    program = with_issuer(current.program())

    def counted() -> tuple[int, list[str]]:
        with database.read() as transaction:
            asked: Any = {"scope": EVERYONE, "program": program, "wanted": Filter(), "now": transaction.now}
            found = [row.name for row in completion.rows(transaction.db, **asked)]
            return sum(completion.counts(completion.tally(transaction.db, **asked)).values()), found

    before = counted()
    for number in range(5):
        register(database, f"HON-{number}", opened.kominfo)
    assert counted() == before
    rows = f"{opened.sari.nip};;Sari;Dinas Kominfo\n;HON-3;Orang Benar;Dinas Kominfo\n"
    imported(database, opened, f"NIP;ID Pegawai;Nama;Unit Kerja\n{rows}")
    assert counted()[0] == before[0] + 1  # control: once the roster names them
    assert "Orang Benar" in counted()[1]


def test_a_registration_does_not_read_the_tree(
    database: Database, opened: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread(*_: Any, **__: Any) -> Any:
        raise AssertionError("read the whole tree")

    monkeypatch.setattr(units, "choices", unread)
    register(database, NEW, opened.kominfo)
    with pytest.raises(ClaimRefused):
        register(database, "HON-8", 999)


def test_shut_while_the_password_is_hashed_stores_nobody(database: Database, opened: Cast) -> None:
    claim = registration.read(identifier=NEW, name="Orang", unit_id=opened.kominfo, today=TODAY)
    with database.write() as transaction:
        registration.begin(transaction.db, claim=claim, key=KEY, now=transaction.now)
    turn(database, opened, opened=False)
    with database.write() as transaction, pytest.raises(Closed):
        registration.register(transaction.db, claim=claim, password_hash="x", now=transaction.now)
    assert len(people(database)) == 5


def test_who_never_stood_on_the_roster_is_not_missing_from_it(database: Database, opened: Cast) -> None:
    register(database, "HON-7", opened.kominfo)
    table = roster.read(f"NIP;Nama;Unit Kerja\n{opened.bima.nip};Bima;Dinas Kominfo\n".encode(), today=TODAY)
    with database.read() as transaction:
        shown = roster.plan(transaction.db, scope=EVERYONE, table=table)
    assert [entry.key for entry in shown.gone] == [opened.sari.nip]  # control: a learner of the roster is

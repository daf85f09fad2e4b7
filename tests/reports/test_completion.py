"""The completion list: everyone of the scope in the right state, and nobody else."""

import csv
import io
import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Connection, event, insert, select, text

from certificates import issuing
from certificates.refusals import IssuerNotSet, NotPledged
from modules import progress
from modules.catalog import Program
from modules.loading import load_catalog
from people.roles import EVERYONE, Refused, Scope, see_completions
from quizzes import rounds
from reports import completion, exports
from reports.rows import STATUSES, Completion, Filter, Tally
from reports.spreadsheet import COLUMNS, defused
from reports.summary import by_unit
from storage.engine import Database, Transaction
from storage.tables import attempt, certificate, certificate_event, person, pledge, unit
from tests.conftest import ROOT, Cast
from web.widgets import completions


@pytest.fixture(scope="module")
def program() -> Program:
    return load_catalog(ROOT).programs[0]


def _attempt(
    db: Connection,
    person_id: int,
    now: datetime,
    *,
    score: int,
    passed: bool,
    number: int = 1,
    quiz_id: str = "kuis-akhir",
) -> int:
    values = {
        "person_id": person_id,
        "program_id": "netralitas",
        "quiz_id": quiz_id,
        "kind": "quiz",
        "number": number,
        "state": "submitted",
        "started_at": now,
        "closed_at": now,
        "score": score,
        "passed": passed,
    }
    return int(db.execute(insert(attempt).values(**values).returning(attempt.c.id)).scalar_one())


def _sign(db: Connection, person_id: int, attempt_id: int, now: datetime) -> int:
    signed = insert(pledge).values(
        person_id=person_id,
        program_id="netralitas",
        attempt_id=attempt_id,
        text_version=1,
        text_hash="h",
        assurance="code",
        signed_at=now,
    )
    return int(db.execute(signed.returning(pledge.c.id)).scalar_one())


def _certify(
    db: Connection, person_id: int, attempt_id: int, now: datetime, number: int, *, ends: datetime | None = None
) -> str:
    values = {
        "id": f"c{number}",
        "code": f"CODE{number}",
        "issuer_code": "X",
        "year": 2026,
        "sequence": number,
        "number": f"800/{number:04d}/X/2026",
        "person_id": person_id,
        "program_id": "netralitas",
        "attempt_id": attempt_id,
        "pledge_id": _sign(db, person_id, attempt_id, now),
        "record": "{}",
        "pdf_sha256": "",
        "issued_at": now,
        "expires_at": ends,
        "is_example": False,
    }
    db.execute(insert(certificate).values(**values))
    return f"c{number}"


def _rows(
    transaction: Transaction, program: Program, scope: Scope = EVERYONE, *, days: int = 0, **wanted: object
) -> dict[str, Completion]:
    """Return the rows by first name, as they stand so many days from now."""
    now, narrowed = transaction.now + timedelta(days=days), replace(Filter(), **wanted)  # type: ignore[arg-type]
    found = completion.rows(transaction.db, scope=scope, program=program, wanted=narrowed, now=now)
    return {row.name.split()[0]: row for row in found}


def _statuses(transaction: Transaction, program: Program, scope: Scope = EVERYONE, **named: object) -> dict[str, str]:
    return {name: row.status for name, row in _rows(transaction, program, scope, **named).items()}  # type: ignore[arg-type]


def test_each_state_is_told_apart(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        step = next(step for step in program.head.steps if step.kind == "module")
        read = {"step_id": step.id, "section_id": program.module(step.ref).sections[0].id}
        progress.open_section(db, person_id=cast.bima.person_id, program=program, now=now, **read)
        _attempt(db, cast.ratna.person_id, now, score=50, passed=False)
        _attempt(db, cast.hadi.person_id, now, score=40, passed=False)
        _attempt(db, cast.hadi.person_id, now, score=90, passed=True, number=2)
        _certify(db, cast.sari.person_id, _attempt(db, cast.sari.person_id, now, score=80, passed=True), now, 1)
        assert _statuses(transaction, program) == {
            "Administrator": "not_started",
            "Bima": "under_way",
            "Hadi": "passed",
            "Ratna": "failed",
            "Sari": "certified",
        }
        tallied = completion.tally(db, scope=EVERYONE, program=program, wanted=Filter(), now=now)
        assert completion.counts(tallied) == {
            **dict.fromkeys(("not_started", "under_way", "failed", "passed", "certified"), 1),
            **dict.fromkeys(("waiting", "expired", "revoked"), 0),
        }


def test_a_revoked_certificate_no_longer_counts(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        made = _certify(db, cast.sari.person_id, _attempt(db, cast.sari.person_id, now, score=80, passed=True), now, 1)
        db.execute(insert(certificate_event).values(certificate_id=made, state="revoked", reason="uji", at=now))
        assert _rows(transaction, program)["Sari"].status == "revoked"
        assert _rows(transaction, program, status="certified") == {}


def test_a_certificate_counts_until_the_moment_it_ends(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        passed = _attempt(db, cast.sari.person_id, now, score=80, passed=True)
        _certify(db, cast.sari.person_id, passed, now, 1, ends=now + timedelta(days=10))
        seen = [_statuses(transaction, program, days=days)["Sari"] for days in (0, 9, 10, 11)]
        assert seen == ["certified", "certified", "expired", "expired"]
        assert set(_statuses(transaction, program, days=10, status="expired")) == {"Sari"}
        assert _rows(transaction, program, days=10)["Sari"].number == "800/0001/X/2026"


def test_who_has_signed_waits_and_who_has_not_lacks_the_pledge(
    database: Database, cast: Cast, program: Program
) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        _sign(db, cast.sari.person_id, _attempt(db, cast.sari.person_id, now, score=80, passed=True), now)
        _attempt(db, cast.bima.person_id, now, score=80, passed=True)
        found = _statuses(transaction, program)
        assert (found["Sari"], found["Bima"]) == ("waiting", "passed")
        sari, bima = cast.sari.person_id, cast.bima.person_id
        held = issuing.held(db, person_ids=[sari, bima, cast.hadi.person_id], program=program, now=now)
        assert set(held) == {sari, bima}  # Hadi has not passed
        assert isinstance(held[sari], IssuerNotSet)
        assert isinstance(held[bima], NotPledged)


def test_why_certificates_are_held_back_costs_the_same_for_one_and_for_many(
    database: Database, cast: Cast, program: Program
) -> None:
    asked: list[str] = []

    def note(_db: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        for who in (cast.sari, cast.bima, cast.hadi):
            _sign(db, who.person_id, _attempt(db, who.person_id, now, score=80, passed=True), now)
        people = [row for row in _rows(transaction, program).values() if row.status == "waiting"]
        event.listen(database.engine, "before_cursor_execute", note)
        counted = []
        for shown in (people[:1], people):
            asked.clear()
            held = completions.held(db, shown, program, now)
            counted.append((len(asked), sum(map(len, held.values()))))
        event.remove(database.engine, "before_cursor_execute", note)
    assert counted == [(2, 1), (2, 3)]


def test_renewal_is_told_by_the_new_pass_once_the_old_certificate_has_ended(
    database: Database, cast: Cast, program: Program
) -> None:
    with database.write() as transaction:
        db, now, who = transaction.db, transaction.now, cast.sari.person_id
        first = _certify(db, who, _attempt(db, who, now, score=80, passed=True), now, 1, ends=now + timedelta(days=10))
        _attempt(db, who, now, score=90, passed=True, number=2)
        # Passed twice without a renewal is one completion.
        assert [_statuses(transaction, program, days=days)["Sari"] for days in (0, 11)] == ["certified", "expired"]
        opened = {"person_id": who, "program_id": "netralitas", "quiz_id": "kuis-akhir", "opened_by": who}
        rounds.begin(db, **opened, now=now)  # type: ignore[arg-type]
        # What was passed before the round opened does not count in it.
        assert [_statuses(transaction, program, days=days)["Sari"] for days in (0, 11)] == ["certified", "expired"]
        again = _attempt(db, who, now + timedelta(days=5), score=90, passed=True, number=3)
        assert [_statuses(transaction, program, days=days)["Sari"] for days in (0, 11)] == ["certified", "passed"]
        assert _rows(transaction, program, days=11)["Sari"].finished_at == now + timedelta(days=5)
        assert _rows(transaction, program)["Sari"].number == "800/0001/X/2026"
        assert _rows(transaction, program, days=11)["Sari"].number == ""
        _certify(db, who, again, now, 2, ends=now + timedelta(days=700))
        event = {"certificate_id": first, "state": "superseded", "reason": "800/0002/X/2026", "at": now}
        db.execute(insert(certificate_event).values(**event))
        found = _rows(transaction, program, days=11)["Sari"]
        assert (found.status, found.number) == ("certified", "800/0002/X/2026")
        # The round is spent: its pass has a certificate, whatever became of it.
        assert _statuses(transaction, program, days=701)["Sari"] == "expired"
        later = now + timedelta(days=20)
        db.execute(insert(certificate_event).values(certificate_id="c2", state="revoked", reason="uji", at=later))
        assert _statuses(transaction, program, days=21)["Sari"] == "revoked"


def test_who_passed_in_a_round_from_before_the_revocation_stays_revoked_until_hr_allows_another(
    database: Database, cast: Cast, program: Program
) -> None:
    with database.write() as transaction:
        db, now, who = transaction.db, transaction.now, cast.sari.person_id
        first = _certify(db, who, _attempt(db, who, now, score=80, passed=True), now, 1)
        opened = {"person_id": who, "program_id": "netralitas", "quiz_id": "kuis-akhir", "opened_by": who}
        rounds.begin(db, **opened, now=now)  # type: ignore[arg-type]
        at = now + timedelta(days=1)
        db.execute(insert(certificate_event).values(certificate_id=first, state="revoked", reason="uji", at=at))
        _sign(db, who, _attempt(db, who, now + timedelta(days=2), score=90, passed=True, number=2), now)
        assert _statuses(transaction, program, days=3)["Sari"] == "revoked"
        rounds.begin(db, **opened, now=now + timedelta(days=3), since=at)  # type: ignore[arg-type]
        assert _statuses(transaction, program, days=3)["Sari"] == "revoked"
        _sign(db, who, _attempt(db, who, now + timedelta(days=4), score=90, passed=True, number=3), now)
        assert _statuses(transaction, program, days=5)["Sari"] == "waiting"


def test_a_pass_of_the_new_final_quiz_is_told_once_the_certificate_of_the_old_one_has_ended(
    database: Database, cast: Cast, program: Program
) -> None:
    with database.write() as transaction:
        db, now, who = transaction.db, transaction.now, cast.sari.person_id
        old = _attempt(db, who, now, score=80, passed=True, quiz_id="kuis-lama")
        first = _certify(db, who, old, now, 1, ends=now + timedelta(days=10))
        _sign(db, who, _attempt(db, who, now + timedelta(days=5), score=90, passed=True), now)
        assert [_statuses(transaction, program, days=days)["Sari"] for days in (9, 10)] == ["certified", "waiting"]
        assert _rows(transaction, program, days=11)["Sari"].finished_at == now + timedelta(days=5)
        assert isinstance(issuing.held(db, person_ids=[who], program=program, now=now)[who], IssuerNotSet)
        db.execute(insert(certificate_event).values(certificate_id=first, state="revoked", reason="uji", at=now))
        assert _statuses(transaction, program, days=10)["Sari"] == "revoked"


def test_units_of_one_name_are_told_apart(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db = transaction.db
        for parent, who in ((cast.kominfo, cast.sari), (cast.pendidikan, cast.bima)):
            added = insert(unit).values(name="Sekretariat", parent_id=parent).returning(unit.c.id)
            below = db.execute(added).scalar_one()
            db.execute(person.update().where(person.c.id == who.person_id).values(unit_id=below))
        found = _rows(transaction, program)
        assert found["Sari"].unit == "Dinas Kominfo › Sekretariat"
        assert found["Bima"].unit == "Dinas Pendidikan › Sekretariat"
        tallied = completion.tally(db, scope=EVERYONE, program=program, wanted=Filter(), now=transaction.now)
        assert {one.unit: one.people for one in tallied if "Sekretariat" in one.unit} == {
            "Dinas Kominfo › Sekretariat": 1,
            "Dinas Pendidikan › Sekretariat": 1,
        }


def test_hr_sees_own_unit_only(database: Database, cast: Cast, program: Program) -> None:
    with database.read() as transaction:
        own = _statuses(transaction, program, see_completions(cast.hadi))
        assert set(own) == {"Sari", "Hadi", "Ratna", "Administrator"}
        # Control: there is somebody to leak, and without the scope that person shows.
        assert set(_statuses(transaction, program)) - set(own) == {"Bima"}


@pytest.mark.parametrize("who", ["sari", "bima", "ratna"])
def test_others_are_refused(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        see_completions(getattr(cast, who))


def test_a_tree_of_more_units_than_a_statement_takes_values(database: Database, cast: Cast, program: Program) -> None:
    """SQLite takes 32,766 values in a statement and PostgreSQL 65,535: a list of units must be one of them."""
    many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 66000)"
    with database.write() as transaction:
        values = f"SELECT 'Unit ' || x, {cast.pendidikan} FROM n"
        if isinstance(sqlite := transaction.db.connection.dbapi_connection, sqlite3.Connection):
            sqlite.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)  # some builds take more
            transaction.db.execute(text(f"INSERT INTO unit (name, parent_id) {many} {values}"))
        else:
            transaction.db.execute(text(f"{many} INSERT INTO unit (name, parent_id) {values}"))
        units = frozenset(transaction.db.execute(select(unit.c.id)).scalars()) - {cast.kominfo}
        assert len(units) > 66_000
        assert set(_statuses(transaction, program, unit_id=cast.pendidikan)) == {"Bima"}
        below = Scope(everyone=False, units=units)
        assert set(_statuses(transaction, program, below, unit_id=cast.pendidikan)) == {"Bima"}


def test_filters_narrow_by_unit_status_day_and_text(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        _attempt(db, cast.bima.person_id, now - timedelta(days=40), score=90, passed=True)
        _attempt(db, cast.sari.person_id, now, score=90, passed=True)
        today = now.date()
        assert set(_statuses(transaction, program, unit_id=cast.pendidikan)) == {"Bima"}
        assert set(_statuses(transaction, program, status="passed")) == {"Bima", "Sari"}
        assert set(_statuses(transaction, program, day_from=today - timedelta(days=2))) == {"Sari"}
        assert set(_statuses(transaction, program, day_to=today - timedelta(days=2))) == {"Bima"}
        assert set(_statuses(transaction, program, text="sari")) == {"Sari"}
        assert set(_statuses(transaction, program, text="19880202 201201 1 902")) == {"Bima"}
        assert set(_statuses(transaction, program, text="%")) == set()


def test_download_belongs_to_who_asked_and_is_made_once(database: Database, cast: Cast) -> None:
    wanted = Filter(day_from=date(2026, 1, 1), status="failed")
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        asked = {"kind": "csv", "program_id": "netralitas", "wanted": wanted}
        first = exports.prepare(db, actor=cast.hadi, now=now, **asked)  # type: ignore[arg-type]
        assert exports.prepare(db, actor=cast.hadi, now=now, **asked) == first  # type: ignore[arg-type]
        assert exports.asked(db, actor=cast.hadi, export_id=first) == ("csv", "netralitas", wanted)
        with pytest.raises(LookupError):
            exports.asked(db, actor=cast.admin, export_id=first)
        with pytest.raises(Refused):
            exports.prepare(db, actor=cast.sari, now=now, **asked)  # type: ignore[arg-type]


NASTY = ["=1+1", "+62", "-5", "@x", "\t=1", " =1", "'=1", "＝1", "\r=1", '"=1+1']


def _files(db: Connection, program: Program, now: datetime) -> dict[str, bytes]:
    common = {"scope": EVERYONE, "program": program, "wanted": Filter(), "now": now, "link": "https://x"}
    return {kind: b"".join(exports.stream(db, kind=kind, **common)) for kind in ("csv", "xlsx")}  # type: ignore[arg-type]


def test_files_hold_the_same_rows_with_nip_as_text(
    database: Database, cast: Cast, program: Program, tmp_path: Path
) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        _certify(db, cast.sari.person_id, _attempt(db, cast.sari.person_id, now, score=80, passed=True), now, 7)
        files = _files(db, program, now)
    text = files["csv"].decode("utf-8-sig")
    from_csv = list(csv.reader(io.StringIO(text), delimiter=";"))
    (tmp_path / "x.xlsx").write_bytes(files["xlsx"])
    book = CalamineWorkbook.from_path(str(tmp_path / "x.xlsx"))
    from_xlsx = book.get_sheet_by_name("Rekap").to_python()
    assert files["csv"].startswith(b"\xef\xbb\xbf")
    assert "\r\n" in text
    assert tuple(from_csv[0]) == COLUMNS == tuple(from_xlsx[0])
    assert [row[:5] for row in from_csv] == [row[:5] for row in from_xlsx]
    sari = next(row for row in from_xlsx if str(row[1]).startswith("Sari"))
    assert sari[0] == cast.sari.nip
    assert sari[5] == 80
    assert sari[7] == "800/0007/X/2026"
    assert sari[8] == ""
    assert book.sheet_names == ["Rekap", "Ringkasan per unit", "Keterangan"]


@pytest.mark.parametrize("name", NASTY)
def test_no_cell_becomes_a_formula(database: Database, cast: Cast, program: Program, tmp_path: Path, name: str) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        db.execute(person.update().where(person.c.id == cast.bima.person_id).values(name=name))
        files = _files(db, program, now)
        assert db.execute(select(person.c.name).where(person.c.id == cast.bima.person_id)).scalar() == name
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[1] for row in rows if row[0] == cast.bima.nip] == ["'" + name]
    (tmp_path / "x.xlsx").write_bytes(files["xlsx"])
    import zipfile

    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_plain_names_are_not_changed() -> None:
    assert defused("Sari Wulandari, S.Sos.") == "Sari Wulandari, S.Sos."


def test_summary_counts_by_unit_and_status() -> None:
    table = by_unit([Tally(1, "A", "certified", 1), Tally(1, "A", "failed", 1), Tally(2, "B", "certified", 2)])
    assert table.to_numpy().tolist()[0] == [0, 0, 1, 0, 0, 1, 0, 0, 2]
    assert table.loc["Jumlah", "Bersertifikat"] == 3
    assert by_unit([]).empty


def test_pages_put_together_are_the_whole_list(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        for number in range(40):
            where = (cast.kominfo, cast.pendidikan)[number % 2]
            values = {"employee_id": f"P-{number}", "name": f"Nama {number * 7 % 40:02}", "kind": "non_asn"}
            added = {"unit_id": where, "created_at": now, "updated_at": now}
            who = db.execute(insert(person).values(**values, **added).returning(person.c.id)).scalar_one()
            if number % 3:
                _attempt(db, who, now, score=number, passed=number % 2 == 0)
        named: dict[str, Any] = {"scope": EVERYONE, "program": program, "now": now}
        for wanted in (Filter(), Filter(status="failed"), Filter(text="nama 1"), Filter(unit_id=cast.pendidikan)):
            whole = list(completion.rows(db, wanted=wanted, **named))
            tallied = completion.tally(db, wanted=wanted, **named)
            pages = [
                completion.page(db, wanted=wanted, tallied=tallied, limit=7, offset=start, **named)
                for start in range(0, 49, 7)
            ]
            assert [person for page in pages for person in page] == whole
            counted = completion.counts(tallied)
            assert sum(counted[one] for one in STATUSES if wanted.status in (None, one)) == len(whole)

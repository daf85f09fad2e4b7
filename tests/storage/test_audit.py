"""The audit log: any edit or removal is found, also of the last rows, also of the head."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from storage import audit, migrating
from storage.engine import Database, open_database
from storage.tables import audit as rows
from storage.tables import installation
from tests.conftest import SECRET
from tests.figures import figure
from tests.storage.editing import EDITORS, LENGTH, UNREADABLE, remove_all
from tests.tampering import unguard

EDITS = 200


def _append(database: Database, count: int, start: int = 0) -> None:
    with database.write() as transaction:
        for number in range(start, start + count):
            detail = {"n": number, "note": f"alasan “{number}”"}
            audit.record(
                transaction.db,
                now=transaction.now,
                actor=f"person:{number % 7}",
                action="attempt.submitted",
                object=f"attempt:{number}",
                detail=detail,
            )


def _verdict(database: Database) -> audit.Verdict:
    with database.read() as transaction:
        return audit.verify(transaction.db)


def test_a_log_that_nobody_touched_passes(database: Database) -> None:
    assert _verdict(database) == audit.Verdict(0, "0" * 64, None)
    _append(database, 3)
    verdict = _verdict(database)
    assert (verdict.rows, verdict.broken) == (3, None)


@pytest.mark.figure
def test_any_of_200_random_edits_is_found(database: Database) -> None:
    _append(database, LENGTH)
    random, missed = Random(11), []
    for number in range(EDITS):
        with database.engine.connect() as db, db.begin() as transaction:
            assert audit.verify(db).intact
            unguard(db)
            what = EDITORS[number % len(EDITORS)](db, random)
            if audit.verify(db).intact:
                missed.append(what)
            transaction.rollback()
    figure(f"T56 {database.engine.dialect.name}", EDITS - len(missed), EDITS, "edits of the audit log found")
    assert missed == []
    assert _verdict(database).intact


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_itself_refuses_to_change_the_log(database: Database) -> None:
    """Whatever path of the app tries it, a mistake included."""
    _append(database, 3)
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit WHERE id = 3", "TRUNCATE audit"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as transaction:
            transaction.db.execute(text(statement))
    assert _verdict(database) == audit.Verdict(3, _verdict(database).head, None)


_REPLACED = (
    "(id, at, actor, action, object, detail, previous, hash) SELECT {id}, at, 'person:9', action, object, detail,"
    " previous, {hash} FROM audit WHERE id = 2"
)
# SQLite replaces a row by its number or by its hash: both are unique.
REPLACING = {
    "sqlite": [
        f"REPLACE INTO audit {_REPLACED.format(**new)}" for new in ({"id": 2, "hash": 1}, {"id": 9, "hash": "hash"})
    ],
    "postgresql": [
        f"INSERT INTO audit {_REPLACED.format(id='id', hash='hash')} ON CONFLICT (id) DO UPDATE SET actor = 'person:9'"
    ],
}


def test_a_replaced_row_of_the_log_is_refused_or_found(database: Database) -> None:
    """PostgreSQL refuses it; without its triggers (control), and on SQLite, the row is found."""
    _append(database, 3)
    refuses = database.engine.dialect.name == "postgresql"
    for statement in REPLACING[database.engine.dialect.name]:
        if refuses:
            with pytest.raises(DBAPIError, match="append-only"), database.write() as changed:
                changed.db.execute(text(statement))
        with database.engine.connect() as db, db.begin() as transaction:
            unguard(db)
            db.execute(text(statement))
            assert audit.verify(db).broken == 2
            transaction.rollback()
    assert _verdict(database).intact


def test_every_cell_that_cannot_be_read_is_named(database: Database) -> None:
    _append(database, 5)
    for what in UNREADABLE[database.engine.dialect.name]:
        with database.engine.connect() as db, db.begin() as transaction:
            unguard(db)
            db.execute(text(f"UPDATE audit SET {what} WHERE id = 4"))
            found = audit.verify(db)
            assert (found.broken, found.rows, found.reason in ("changed", "unreadable")) == (4, 3, True), what
            transaction.rollback()


def test_a_log_that_was_emptied_with_its_head_stays_a_finding(database: Database) -> None:
    """Also after people have worked on: the first new row must not make a new head."""
    _append(database, 5)
    with database.write() as transaction:
        unguard(transaction.db)
        remove_all(transaction.db, Random(1))
    assert _verdict(database).reason == "the head of the chain is missing"
    _append(database, 2)
    assert _verdict(database).reason == "the head of the chain is missing"


def test_another_secret_is_no_edit_and_is_sealed_anew_on_demand(database: Database) -> None:
    _append(database, 3)
    other = open_database(database.engine.url.render_as_string(hide_password=False), "y" * 40)
    _append(other, 2, start=3)
    found = _verdict(other)
    assert (found.rows, found.broken, found.foreign, found.intact) == (5, None, True, False)
    with other.write() as transaction:
        audit.seal(transaction.db, now=transaction.now, actor="system:test")
    assert _verdict(other).intact
    _append(other, 1)
    assert (_verdict(other).rows, _verdict(other).intact) == (7, True)
    other.engine.dispose()


def test_sealing_anew_hides_no_edit(database: Database) -> None:
    _append(database, 3)
    other = open_database(database.engine.url.render_as_string(hide_password=False), "y" * 40)
    with database.write() as transaction:
        unguard(transaction.db)
        transaction.db.execute(update(rows).where(rows.c.id == 2).values(detail="{}"))
    with other.write() as transaction:
        assert audit.seal(transaction.db, now=transaction.now, actor="system:test").broken == 2
    assert _verdict(other).broken == 2
    other.engine.dispose()


@pytest.mark.parametrize(("column", "expected"), [("detail", 2), ("id", 2)])
def test_the_verdict_names_the_row(database: Database, column: str, expected: int) -> None:
    _append(database, 3)
    with database.write() as transaction:
        unguard(transaction.db)
        value: Any = 9 if column == "id" else "{}"
        transaction.db.execute(update(rows).where(rows.c.id == 2).values({column: value}))
    assert _verdict(database).broken == expected


def test_missing_last_rows_are_counted(database: Database) -> None:
    _append(database, 5)
    with database.write() as transaction:
        unguard(transaction.db)
        transaction.db.execute(delete(rows).where(rows.c.id > 3))
    verdict = _verdict(database)
    assert (verdict.broken, verdict.reason) == (4, "the last 2 rows are missing")


@pytest.mark.parametrize("keep_head", [True, False])
def test_work_goes_on_after_a_removal_and_the_verdict_stays(database: Database, keep_head: bool) -> None:
    _append(database, 5)
    with database.write() as transaction:
        unguard(transaction.db)
        transaction.db.execute(delete(rows).where(rows.c.id > 3))
        if not keep_head:
            transaction.db.execute(delete(installation).where(installation.c.key == "audit.head"))
    _append(database, 2, start=5)
    assert _verdict(database).broken is not None


def test_a_head_noted_elsewhere_shows_a_log_that_was_written_anew(database: Database) -> None:
    _append(database, 5)
    noted = _verdict(database).head
    _append(database, 2, start=5)
    with database.read() as transaction:
        assert audit.verify(transaction.db, noted=noted).broken is None
    with database.write() as transaction:
        unguard(transaction.db)
        transaction.db.execute(delete(rows))
        # Whoever has the secret too.
        new = audit.sealed(0, "0" * 64, SECRET.encode())
        transaction.db.execute(update(installation).where(installation.c.key == "audit.head").values(value=new))
    _append(database, 7, start=1)
    assert _verdict(database).intact
    with database.read() as transaction:
        assert audit.verify(transaction.db, noted=noted).reason == "the noted head is not in the chain"


def test_a_rolled_back_action_leaves_no_gap(database: Database) -> None:
    _append(database, 2)
    with pytest.raises(IntegrityError):
        _append_and_fail(database)
    _append(database, 1)
    assert _verdict(database).rows == 3


def _append_and_fail(database: Database) -> None:
    with database.write() as transaction:
        audit.record(transaction.db, now=transaction.now, actor="person:1", action="x", object="unit:1")
        transaction.db.execute(rows.insert().values(id=1, at=transaction.now))


def test_many_at_once_make_one_chain(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _append(database, 1, start=number), range(80)))
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(rows)).scalar() == 80
    verdict = _verdict(database)
    assert (verdict.rows, verdict.broken) == (80, None)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_app_works_with_a_role_that_may_only_append(database: Database) -> None:
    """As docs/operating.md sets it up: the role owns nothing, and the server itself refuses to change history."""
    role = f"app_{token_hex(4)}"
    with database.write() as transaction:
        for statement in (
            f"CREATE ROLE {role} LOGIN",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
            f"REVOKE UPDATE, DELETE ON audit FROM {role}",
        ):
            transaction.db.execute(text(statement))
    limited = open_database(database.engine.url.set(username=role).render_as_string(hide_password=False), SECRET)
    assert migrating.prepare(limited) is False
    _append(limited, 3)
    assert _verdict(limited).rows == 3
    for statement in ("DELETE FROM audit", "UPDATE audit SET actor = 'x'", "DROP TABLE audit", "TRUNCATE audit"):
        with pytest.raises(ProgrammingError), limited.write() as transaction:
            transaction.db.execute(text(statement))
    limited.engine.dispose()
    with database.write() as transaction:
        transaction.db.execute(text(f"DROP OWNED BY {role}"))
        transaction.db.execute(text(f"DROP ROLE {role}"))

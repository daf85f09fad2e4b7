"""The audit log: any edit or removal is found, also of the last rows, also of the head."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, func, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from storage import audit, migrating
from storage.engine import Database, open_database
from storage.tables import audit as rows
from storage.tables import installation
from tests.figures import figure

LENGTH = 40
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


Edit = Callable[[Connection, Random], str]


def _change_a_cell(db: Connection, random: Random) -> str:
    name = random.choice(["actor", "action", "object", "detail", "previous", "hash"])
    number = random.randint(1, LENGTH)
    old = db.execute(select(rows.c[name]).where(rows.c.id == number)).scalar_one()
    place = random.randrange(len(old))
    new = old[:place] + random.choice("abc0 ") + old[place + random.randint(0, 1) :]
    db.execute(update(rows).where(rows.c.id == number).values({name: new if new != old else f"{old}."}))
    return f"{name} of {number}"


def _change_the_time(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    at = db.execute(select(rows.c.at).where(rows.c.id == number)).scalar_one()
    db.execute(update(rows).where(rows.c.id == number).values(at=at + timedelta(microseconds=random.randint(1, 10**9))))
    return f"at of {number}"


def _renumber(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    db.execute(update(rows).where(rows.c.id == number).values(id=LENGTH + random.randint(1, 9)))
    return f"id of {number}"


def _remove_one(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    db.execute(delete(rows).where(rows.c.id == number))
    return f"row {number} removed"


def _remove_the_last(db: Connection, random: Random) -> str:
    kept = random.choice([LENGTH - 1, LENGTH - 1, random.randint(0, LENGTH - 1)])
    db.execute(delete(rows).where(rows.c.id > kept))
    return f"rows after {kept} removed"


def _remove_the_first(db: Connection, random: Random) -> str:
    number = random.randint(1, LENGTH)
    db.execute(delete(rows).where(rows.c.id <= number))
    return f"rows up to {number} removed"


def _swap(db: Connection, random: Random) -> str:
    one, other = random.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, 900), (other, one), (900, other)):
        db.execute(update(rows).where(rows.c.id == old).values(id=new))
    return f"{one} and {other} swapped"


def _forge(db: Connection, random: Random) -> str:
    row = dict(db.execute(select(rows).where(rows.c.id == random.randint(1, LENGTH))).mappings().one())
    last = db.execute(select(rows.c.hash).where(rows.c.id == LENGTH)).scalar_one()
    row |= {"id": LENGTH + 1, "previous": last, "hash": "f" * 64}
    db.execute(rows.insert().values(row))
    return "a row added"


def _spoil_the_head(db: Connection, random: Random) -> str:
    head = installation.c.key == "audit.head"
    if random.random() < 0.5:
        db.execute(delete(installation).where(head))
        return "head removed"
    db.execute(update(installation).where(head).values(value=random.choice(["", "x", f"{LENGTH - 1} {'0' * 64}"])))
    return "head changed"


EDITORS: tuple[Edit, ...] = (
    *(_change_a_cell, _change_a_cell, _change_the_time, _renumber, _remove_one, _remove_the_last),
    *(_remove_the_first, _swap, _forge, _spoil_the_head),
)


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
            assert audit.verify(db).broken is None
            what = EDITORS[number % len(EDITORS)](db, random)
            if audit.verify(db).broken is None:
                missed.append(what)
            transaction.rollback()
    figure(f"T56 {database.engine.dialect.name}", EDITS - len(missed), EDITS, "edits of the audit log found")
    assert missed == []
    assert _verdict(database).broken is None


@pytest.mark.parametrize(("column", "expected"), [("detail", 2), ("id", 2)])
def test_the_verdict_names_the_row(database: Database, column: str, expected: int) -> None:
    _append(database, 3)
    with database.write() as transaction:
        value: Any = 9 if column == "id" else "{}"
        transaction.db.execute(update(rows).where(rows.c.id == 2).values({column: value}))
    assert _verdict(database).broken == expected


def test_missing_last_rows_are_counted(database: Database) -> None:
    _append(database, 5)
    with database.write() as transaction:
        transaction.db.execute(delete(rows).where(rows.c.id > 3))
    verdict = _verdict(database)
    assert (verdict.broken, verdict.reason) == (4, "the last 2 rows are missing")


@pytest.mark.parametrize("keep_head", [True, False])
def test_work_goes_on_after_a_removal_and_the_verdict_stays(database: Database, keep_head: bool) -> None:
    _append(database, 5)
    with database.write() as transaction:
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
        _truncate(transaction.db, rows, installation)
    _append(database, 7, start=1)
    assert _verdict(database).broken is None
    with database.read() as transaction:
        assert audit.verify(transaction.db, noted=noted).reason == "the noted head is not in the chain"


def _truncate(db: Connection, *tables: Table) -> None:
    for table in tables:
        db.execute(delete(table))


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
    limited = open_database(database.engine.url.set(username=role).render_as_string(hide_password=False))
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

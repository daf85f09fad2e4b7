"""A database of the first release, with people at work in it, comes to the newest schema with all they did."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Connection, select, text

from storage import migrating
from storage.engine import Database, open_database
from storage.tables import attempt_item, begun, login_session, metadata, person, quiz_round, response
from tests.conftest import _administer, _named

WHEN = datetime(2026, 1, 5, 8, tzinfo=UTC)
PERSON = {"id": 1, "nip": "199001012015032901", "name": "Sari", "kind": "pns", "created_at": WHEN, "updated_at": WHEN}
STRANGER = {"id": 2, "nip": "199001012015032902", "assurance": "roster", "password_hash": "their own"}
ATTEMPT = {"person_id": 1, "program_id": "netralitas", "number": 1, "state": "submitted", "started_at": WHEN}
THEIRS = {"person_id": 2, "quiz_id": "kuis-akhir", "kind": "quiz", "pass_mark": 70, "score": 80, "passed": True}
ITEM = {"position": 0, "item_id": "x", "version": "v1", "option_order": "[0, 1]"}
ANSWER = {"position": 0, "sequence": 1, "choice": "[1]", "answered_at": WHEN}
SESSION = {"token_hash": "h", "person_id": 1, "assurance": "code", "created_at": WHEN, "seen_at": WHEN}
ROWS: list[tuple[str, dict[str, Any]]] = [
    ("person", PERSON),
    ("person", {**PERSON, **STRANGER}),
    ("content_version", {"version": "v1", "content_id": "x", "content": "{}", "first_used_at": WHEN}),
    ("attempt", {**ATTEMPT, "id": 1, "quiz_id": "kuis-akhir", "kind": "quiz", "score": 80, "passed": True}),
    ("attempt", {**ATTEMPT, "id": 2, "quiz_id": "rapat", "kind": "scenario", "score": None, "passed": None}),
    ("attempt_item", {**ITEM, "attempt_id": 1}),
    ("attempt_item", {**ITEM, "attempt_id": 1, "position": 1}),
    ("attempt_item", {**ITEM, "attempt_id": 2}),
    ("response", {**ANSWER, "id": 1, "attempt_id": 1, "token": "a"}),
    ("attempt", {**ATTEMPT, **THEIRS, "id": 3, "number": 1}),
    ("attempt", {**ATTEMPT, **THEIRS, "id": 4, "number": 2, "state": "open", "score": None, "passed": None}),
    (
        "section_progress",
        {"person_id": 2, "program_id": "lain", "module_id": "m", "section_id": "s", "opened_at": WHEN},
    ),
    ("login_session", {**SESSION, "id": 1, "expires_at": WHEN}),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database at revision 0001, empty."""
    name = f"old_{uuid4().hex[:12]}"
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server = request.getfixturevalue("postgres_server")
        _administer(server, f"CREATE DATABASE {name}")
        url = _named(server, name)
    database = open_database(url)
    with database.engine.connect() as db, db.begin():
        command.upgrade(migrating.configured(migrating.SCRIPTS, db), "0001")
    yield database
    database.engine.dispose()
    if request.param == "postgresql":
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _add(db: Connection, table: str, row: dict[str, Any]) -> None:
    # By hand: the tables of now have columns that the first release did not have.
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    db.execute(text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def test_rows_of_the_first_release_come_along(first_release: Database) -> None:
    with first_release.engine.connect() as db, db.begin():
        for table, row in ROWS:
            _add(db, table, row)
    assert migrating.upgrade(first_release)
    with first_release.read() as transaction:
        db = transaction.db
        columns = attempt_item.c.attempt_id, attempt_item.c.position, attempt_item.c.kind, attempt_item.c.weight
        kinds = db.execute(select(*columns).order_by(*columns[:2])).all()
        answers = db.execute(select(response.c.choice, response.c.complete, response.c.confidence)).all()
        sessions = db.execute(select(login_session.c.factors, login_session.c.proved_at)).all()
        passwords = db.execute(select(person.c.id, person.c.password_hash).order_by(person.c.id)).all()
        rounds = db.execute(select(quiz_round.c.person_id, quiz_round.c.quiz_id, quiz_round.c.after_number)).all()
        began = db.execute(select(begun).order_by(*begun.c)).all()
        counted = {table: db.execute(select(metadata.tables[table]).order_by(text("1"))).all() for table, _ in ROWS}
    assert kinds == [(1, 0, "item", 1), (1, 1, "item", 1), (2, 0, "scenario", 1)]  # migration 0008
    assert answers == [("[1]", True, None)]
    assert sessions == [("password", None)]  # migration 0002: who has one factor shows the second next
    assert {table: len(rows) for table, rows in counted.items()} == {
        table: [each for each, _ in ROWS].count(table) for table in counted
    }
    assert passwords == [(1, None), (2, None)]  # migration 0009: nobody has confirmed who set it
    assert began == [("lain", 2), ("netralitas", 1), ("netralitas", 2)]  # migration 0011
    assert rounds == [(2, "kuis-akhir", 2)]
    assert counted["attempt"][-1].state == "expired"
    assert migrating.current(first_release) == migrating.head()

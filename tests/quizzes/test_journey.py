"""The steps of a programme: order, locks, what counts as done, and the number of queries."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from modules import progress
from modules.catalog import Program
from quizzes import journey, lessons
from quizzes.content import Library
from storage.engine import Database, Transaction
from storage.tables import attempt


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that run meanwhile."""
    statements: list[str] = []

    def note(_db: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def closed(db: Connection, person_id: int, quiz_id: str, now: datetime, **values: Any) -> None:
    """Store a closed attempt."""
    row = {"person_id": person_id, "program_id": "netralitas", "quiz_id": quiz_id, "kind": "quiz", "number": 1}
    db.execute(insert(attempt).values({**row, "state": "submitted", "started_at": now, "closed_at": now, **values}))


def read_all(transaction: Transaction, person_id: int, program: Program) -> None:
    """Complete every module."""
    common: dict[str, Any] = {"person_id": person_id, "program": program, "now": transaction.now}
    for step in program.head.steps:
        if step.kind != "module":
            continue
        module = program.module(step.ref)
        for section in module.sections:
            progress.answer_check(transaction.db, step_id=step.id, section_id=section.id, choice=0, **common)
        for card in module.sorting.cards if module.sorting else ():
            progress.sort_card(transaction.db, step_id=step.id, card_id=card.id, ruling="boleh", **common)


def words(states: tuple[journey.StepState, ...]) -> list[str]:
    return [state.state for state in states]


def test_only_the_first_step_is_open_at_the_start(
    database: Database, cast: Any, library: Library, program: Program
) -> None:
    with database.read() as transaction:
        states = journey.states(transaction.db, library=library, program=program, person_id=cast.sari.person_id)
    assert words(states) == ["open"] + ["locked"] * 6
    assert [state.locked_by for state in states[1:]] == [state.step.title for state in states[:-1]]
    assert sum(state.minutes_left for state in states) == program.minutes


def test_each_step_opens_when_all_before_it_are_done(
    database: Database, cast: Any, library: Library, program: Program
) -> None:
    mine = {"library": library, "program": program, "person_id": cast.sari.person_id}
    with database.write() as transaction:
        db, now, person_id = transaction.db, transaction.now, cast.sari.person_id
        closed(db, person_id, "tes-awal", now, score=30)
        assert words(journey.states(db, **mine)) == ["done", "open"] + ["locked"] * 5
        read_all(transaction, person_id, program)
        assert words(journey.states(db, **mine)) == ["done"] * 3 + ["open"] + ["locked"] * 3
        closed(db, person_id, "undangan-reuni", now, kind="scenario", score=100)
        assert words(journey.states(db, **mine)) == ["done"] * 4 + ["open", "locked", "locked"]
        closed(db, person_id, "kuis-akhir", now, pass_mark=70, score=60, passed=False)
        failed = journey.states(db, **mine)
        assert words(failed) == ["done"] * 4 + ["started", "locked", "locked"]
        assert (failed[4].score, failed[4].passed, failed[5].locked_by) == (60, False, "Kuis akhir")
        closed(db, person_id, "kuis-akhir", now, number=2, pass_mark=70, score=85, passed=True)
        assert words(journey.states(db, **mine)) == ["done"] * 5 + ["open", "locked"]
        assert words(journey.states(db, **mine, pledged=True)) == ["done"] * 6 + ["open"]
        assert words(journey.states(db, **mine, pledged=True, certified=True)) == ["done"] * 7


def test_require_open_names_the_step_that_comes_first(
    database: Database, cast: Any, library: Library, program: Program
) -> None:
    mine: dict[str, Any] = {"library": library, "program": program, "person_id": cast.sari.person_id}
    with database.read() as transaction:
        assert journey.require_open(transaction.db, **mine, step_id="tes-awal").state == "open"
        with pytest.raises(journey.Locked) as refusal:
            journey.require_open(transaction.db, **mine, step_id="kuis-akhir")
        with pytest.raises(KeyError):
            journey.require_open(transaction.db, **mine, step_id="tidak-ada")
    assert refusal.value.title == "Skenario: undangan reuni"


READ = "boleh-dan-tidak-boleh"


def lessons_of(program: Program, now: datetime, mine: dict[str, Any]) -> dict[str, Callable[[Connection], Any]]:
    """Return what one does in a module, by name."""
    module = program.module(READ)
    where: dict[str, Any] = {**mine, "step_id": READ, "now": now}
    section, card = module.sections[-1].id, module.sorting.cards[0].id if module.sorting else ""
    return {
        "open": lambda db: lessons.open_section(db, **where, section_id=section),
        "answer": lambda db: lessons.answer_check(db, **where, section_id=section, choice=0),
        "sort": lambda db: lessons.sort_card(db, **where, card_id=card, ruling="boleh"),
    }


@pytest.mark.parametrize("action", ["open", "answer", "sort"])
def test_a_fresh_person_does_nothing_in_a_locked_module(
    database: Database, cast: Any, library: Library, program: Program, action: str
) -> None:
    person_id = cast.sari.person_id
    mine: dict[str, Any] = {"library": library, "program": program, "person_id": person_id}
    untouched = progress.Reading(frozenset(), frozenset(), frozenset())
    with database.write() as transaction:
        with pytest.raises(journey.Locked) as refusal:
            lessons_of(program, transaction.now, mine)[action](transaction.db)
        assert refusal.value.title == "BerAKHLAK dan netralitas"
        assert progress.reading(transaction.db, person_id=person_id, program=program) == untouched
    # Control: with every step before it done, the same action is kept.
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        closed(db, person_id, "tes-awal", now, score=30)
        for section in program.module("berakhlak").sections:
            lessons.answer_check(db, **mine, step_id="berakhlak", section_id=section.id, choice=0, now=now)
        lessons_of(program, now, mine)[action](db)
        reading = progress.reading(db, person_id=person_id, program=program)
        assert READ in {module_id for module_id, _ in (*reading.opened, *reading.cards)}


@pytest.mark.parametrize("action", ["open", "answer", "sort"])
def test_without_the_lock_a_fresh_person_would_get_in(
    database: Database,
    cast: Any,
    library: Library,
    program: Program,
    action: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: with the guard off, the same call writes."""
    mine: dict[str, Any] = {"library": library, "program": program, "person_id": cast.sari.person_id}
    monkeypatch.setattr(lessons, "require_open", lambda _db, **_named: None)
    with database.write() as transaction:
        lessons_of(program, transaction.now, mine)[action](transaction.db)
        reading = progress.reading(transaction.db, person_id=cast.sari.person_id, program=program)
    assert reading.opened or reading.cards


def test_pages_and_commands_write_progress_where_the_lock_is() -> None:
    written = re.compile(r"\bprogress\.(open_section|answer_check|sort_card|note_place)\(")
    root = Path(__file__).parent.parent.parent
    paths = [path for folder in ("web", "commands") for path in (root / folder).rglob("*.py")]
    assert [path.name for path in paths if written.search(path.read_text("utf-8"))] == []


def test_states_take_the_same_few_queries_for_a_beginner_and_a_graduate(
    database: Database, cast: Any, library: Library, program: Program
) -> None:
    with database.write() as transaction:
        closed(transaction.db, cast.bima.person_id, "tes-awal", transaction.now, score=30)
        read_all(transaction, cast.bima.person_id, program)
        counts = []
        for person_id in (cast.sari.person_id, cast.bima.person_id):
            with counted(database) as statements:
                journey.states(transaction.db, library=library, program=program, person_id=person_id)
            counts.append(len(statements))
    assert counts == [4, 4]

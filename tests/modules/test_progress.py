"""Progress: kept at once, the first completion stays, a module is done only when all of it is."""

from datetime import timedelta

import pytest

from modules import progress
from modules.catalog import Program
from modules.loading import load_catalog
from storage.engine import Database
from tests.conftest import ROOT, Cast


@pytest.fixture(scope="module")
def program() -> Program:
    return load_catalog(ROOT).programs[0]


STEP = "boleh-dan-tidak-boleh"


def test_a_section_is_done_by_answering_its_check(database: Database, cast: Cast, program: Program) -> None:
    section = program.module(STEP).sections[0]
    key = {"person_id": cast.sari.person_id, "program": program, "step_id": STEP, "section_id": section.id}
    right = next(index for index, option in enumerate(section.check.options) if option.correct)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        assert progress.open_section(db, **key, now=now) is None  # type: ignore[arg-type]
        assert progress.reading(db, person_id=cast.sari.person_id, program=program).completed == frozenset()
        assert progress.answer_check(db, **key, choice=right, now=now)  # type: ignore[arg-type]
        assert not progress.answer_check(db, **key, choice=1 - min(right, 1), now=now)  # type: ignore[arg-type]
        done = progress.reading(db, person_id=cast.sari.person_id, program=program)
        assert done.completed == {(STEP, section.id)}
        assert progress.open_section(db, **key, now=now) == 1 - min(right, 1)  # type: ignore[arg-type]
        assert progress.reading(db, person_id=cast.bima.person_id, program=program).opened == frozenset()


def test_a_module_is_done_when_every_section_and_card_is(database: Database, cast: Cast, program: Program) -> None:
    module, who = program.module(STEP), cast.sari.person_id
    assert module.sorting is not None
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        where = {"person_id": who, "program": program, "step_id": STEP, "now": now}
        for section in module.sections:
            progress.answer_check(db, **where, section_id=section.id, choice=0)  # type: ignore[arg-type]
        for card in module.sorting.cards[:-1]:
            progress.sort_card(db, **where, card_id=card.id, ruling="boleh")  # type: ignore[arg-type]
        almost = progress.reading(db, person_id=who, program=program)
        assert not almost.done(module)
        assert almost.minutes_left(module) == pytest.approx(1 / 6)
        progress.sort_card(db, **where, card_id=module.sorting.cards[-1].id, ruling="boleh")  # type: ignore[arg-type]
        assert progress.reading(db, person_id=who, program=program).done(module)


def test_an_unknown_card_is_refused(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction, pytest.raises(KeyError):
        progress.sort_card(
            transaction.db,
            person_id=cast.sari.person_id,
            program=program,
            step_id=STEP,
            card_id="tidak-ada",
            ruling="boleh",
            now=transaction.now,
        )


def test_place_is_where_one_was_last(database: Database, cast: Cast, program: Program) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        key = {"person_id": cast.sari.person_id, "program": program}
        assert progress.place(db, **key) is None  # type: ignore[arg-type]
        for number, section in enumerate(program.module(STEP).sections[:2]):
            moment = now + timedelta(minutes=number)
            progress.open_section(db, **key, step_id=STEP, section_id=section.id, now=moment)  # type: ignore[arg-type]
        found = progress.place(db, **key)  # type: ignore[arg-type]
        assert found == progress.Place(STEP, program.module(STEP).sections[1].id, now + timedelta(minutes=1))

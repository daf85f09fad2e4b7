"""Example data: every state, the same for one seed, never beside real people."""

from datetime import date

import pytest
from sqlalchemy import func, insert, select, union

from demo import filling, store
from demo.cast import CAST, NEWCOMERS
from demo.names import invent
from people import directory, nip
from people.roles import EVERYONE, Scope
from quizzes.content import Library, load_library
from reports import completion
from reports.rows import STATUSES, Filter
from storage import audit
from storage.engine import Database, Transaction
from storage.tables import attempt, begun, certificate, person, section_progress, unit
from tests.conftest import ROOT

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT)


def _fill(transaction: Transaction, library: Library, people: int = 16) -> filling.Filled:
    return filling.fill(
        transaction.db, library=library, now=transaction.now, public_url="http://127.0.0.1:8501", people=people
    )


def test_shows_every_state_of_the_completion_list(database: Database, library: Library) -> None:
    with database.write() as transaction:
        made = _fill(transaction, library, 24)
        program = library.catalog.program("netralitas")
        db, now = transaction.db, transaction.now
        counts = completion.counts(completion.tally(db, scope=EVERYONE, program=program, wanted=Filter(), now=now))
        assert made.people == sum(counts.values()) == 24
        assert set(counts) == set(STATUSES)
        assert min(counts.values()) > 0
        assert transaction.db.execute(select(certificate.c.is_example).distinct()).scalars().all() == [True]
        refresher = library.catalog.program("penyegaran")
        refreshed = completion.counts(completion.tally(db, scope=EVERYONE, program=refresher, wanted=Filter(), now=now))
        assert 0 < refreshed["certified"] < counts["certified"]
        assert refreshed["under_way"] > 0
        did = union(*(select(table.c.program_id, table.c.person_id) for table in (attempt, section_progress)))
        assert set(db.execute(select(begun)).all()) == set(db.execute(did).all())
        assert audit.verify(transaction.db).intact


def test_holds_people_who_registered_themselves(database: Database, library: Library) -> None:
    with database.write() as transaction:
        db = transaction.db
        _fill(transaction, library, 8)
        found, total = directory.unconfirmed(db, scope=EVERYONE)
        unit_id = db.execute(select(person.c.unit_id).where(person.c.nip == CAST["hadi"].identifier)).scalar_one()
        of_hadi = directory.unconfirmed(db, scope=Scope(everyone=False, units=frozenset({unit_id})))
        assert not store.has_real_account(db)
    assert [one.name for one in found] == [part.name for part in NEWCOMERS]
    assert (total, of_hadi[1]) == (3, 2)
    for part in NEWCOMERS:
        assert not part.identifier.isdecimal() or isinstance(nip.parse(part.identifier, today=TODAY), nip.Nip)


def test_the_same_seed_makes_the_same_people(database: Database, library: Library) -> None:
    seen = []
    for _ in range(2):
        try:
            with database.write() as transaction:
                _fill(transaction, library, 8)
                query = select(person.c.name, person.c.nip, person.c.employee_id).order_by(person.c.id)
                seen.append(transaction.db.execute(query).all())
                raise InterruptedError
        except InterruptedError:
            pass
    assert seen[0] == seen[1]


def test_refuses_to_mix_with_real_people(database: Database, library: Library) -> None:
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        unit_id = db.execute(insert(unit).values(name="Dinas").returning(unit.c.id)).scalar_one()
        values = {"name": "Nyata", "kind": "non_asn", "employee_id": "1", "unit_id": unit_id}
        db.execute(insert(person).values(**values, created_at=now, updated_at=now))
        with pytest.raises(filling.NotEmpty):
            _fill(transaction, library)
        assert db.execute(select(func.count()).select_from(person)).scalar() == 1


def test_invented_numbers_are_well_formed_and_hardly_given_out() -> None:
    from random import Random

    numbers = [found.nip for found in (invent(Random(1), one) for one in range(2000)) if found.nip]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        parsed = nip.parse(number, today=TODAY)
        assert isinstance(parsed, nip.Nip)
        assert number[15] == "9"

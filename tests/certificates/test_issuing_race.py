"""Many requests at once: one certificate per completion, numbers 1 to n without a gap (threats F20)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError

from certificates import issuing, pledge, store
from modules.catalog import Program
from people.roles import Actor
from storage import audit
from storage.engine import Database, Transaction, clock
from storage.tables import certificate, certificate_counter, person
from tests.certificates.conftest import AS_OF, URL, take_quiz

PEOPLE, CLICKS = 10, 5


@dataclass(frozen=True)
class Outcome:
    """Numbers given out, and how many requests came back without a certificate."""

    numbers: list[int]
    answers: dict[int, set[str]]
    failures: int

    @property
    def perfect(self) -> bool:
        return self.numbers == list(range(1, PEOPLE + 1)) and self.failures == 0 and self.one_each

    @property
    def one_each(self) -> bool:
        return len(self.answers) == PEOPLE and all(len(ids) == 1 for ids in self.answers.values())


@pytest.fixture
def passed(database: Database, program: Program) -> list[Actor]:
    """Ten people who have passed and signed."""
    actors = []
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        for number in range(PEOPLE):
            values = {"employee_id": f"P-{number}", "name": f"Peserta {number}", "kind": "non_asn", "assurance": "code"}
            added = insert(person).values(**values, created_at=now, updated_at=now).returning(person.c.id)
            actors.append(Actor(int(db.execute(added).scalar_one()), f"Peserta {number}", assurance="code"))
        for actor in actors:
            take_quiz(db, actor, now)
            pledge.sign(db, actor=actor, program=program, now=now)
    return actors


def _race(database: Database, program: Program, actors: list[Actor]) -> Outcome:
    clicks = [actor for actor in actors for _ in range(CLICKS)]
    together = Barrier(len(clicks))

    def click(actor: Actor) -> tuple[int, str] | None:
        together.wait()
        try:
            with database.write() as transaction:
                issued = issuing.issue(
                    transaction.db, actor=actor, program=program, as_of=AS_OF, now=transaction.now, public_url=URL
                )
            return actor.person_id, issued.id
        except DBAPIError:
            return None

    with ThreadPoolExecutor(len(clicks)) as threads:
        results = list(threads.map(click, clicks))
    answers: dict[int, set[str]] = {}
    for result in results:
        if result is not None:
            answers.setdefault(result[0], set()).add(result[1])
    with database.read() as transaction:
        numbers = list(
            transaction.db.execute(select(certificate.c.sequence).order_by(certificate.c.sequence)).scalars()
        )
    return Outcome(numbers, answers, results.count(None))


def test_fifty_requests_at_once_give_ten_certificates_and_ten_numbers(
    database: Database, program: Program, passed: list[Actor]
) -> None:
    outcome = _race(database, program, passed)
    assert outcome == Outcome(list(range(1, PEOPLE + 1)), outcome.answers, 0)
    assert outcome.one_each


def test_control_without_the_counters_lock_fails(
    database: Database, program: Program, passed: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_then_write(db: Connection, issuer_code: str, year: int) -> int:
        last = db.execute(select(certificate_counter.c.last)).scalar() or 0
        sleep(0.02)
        if last:
            db.execute(update(certificate_counter).values(last=last + 1))
        else:
            db.execute(insert(certificate_counter).values(issuer_code=issuer_code, year=year, last=1))
        return int(last) + 1

    @contextmanager
    def deferred(_self: Database) -> Iterator[Transaction]:
        with database.engine.connect() as db, db.begin():
            yield Transaction(db, clock(db))

    monkeypatch.setattr(store, "next_sequence", read_then_write)
    # The write lock of SQLite and the audit chain's lock would stand in for the counter's.
    monkeypatch.setattr(audit, "record", lambda *_arguments, **_named: None)
    monkeypatch.setattr(Database, "write", deferred)
    assert not _race(database, program, passed).perfect


def test_a_request_that_fails_leaves_no_gap(
    database: Database, program: Program, passed: list[Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(store, "add_certificate", broken)
        with pytest.raises(OSError, match="disk full"):
            _issue(database, program, passed[0])
    numbers = [_issue(database, program, actor) for actor in passed[1:3]]
    assert [number.split("/")[1] for number in numbers] == ["0001", "0002"]


def test_pledge_and_certificate_in_one_transaction_do_not_block_each_other(
    database: Database, program: Program, passed: list[Actor]
) -> None:
    """Half of the people sign anew and are certified at once, half are only certified: no deadlock."""

    def both(index: int) -> str:
        actor = replace(passed[index], assurance="sso" if index % 2 else "code")
        with database.write() as transaction:
            pledge.sign(transaction.db, actor=actor, program=program, now=transaction.now)
            return issuing.issue(
                transaction.db, actor=actor, program=program, as_of=AS_OF, now=transaction.now, public_url=URL
            ).record.number

    with ThreadPoolExecutor(PEOPLE) as threads:
        numbers = sorted(threads.map(both, range(PEOPLE)))
    assert [int(number.split("/")[1]) for number in numbers] == list(range(1, PEOPLE + 1))


def _issue(database: Database, program: Program, actor: Actor) -> str:
    with database.write() as transaction:
        return issuing.issue(
            transaction.db, actor=actor, program=program, as_of=AS_OF, now=transaction.now, public_url=URL
        ).record.number

"""The completion list against a plain reckoning in Python, over invented histories of every kind."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, delete, insert, select

from modules import progress
from modules.catalog import Program
from modules.loading import load_catalog
from people.roles import EVERYONE, Scope
from reports import completion
from reports.rows import STATUSES, Filter
from storage.engine import Database, Transaction
from storage.tables import (
    attempt,
    begun,
    certificate,
    certificate_event,
    person,
    pledge,
    quiz_round,
    section_progress,
    unit,
)
from tests.conftest import ROOT
from tests.figures import count

PEOPLE = count(250, 5_000)
FINAL, FORMER, OTHER = "kuis-akhir", "kuis-lama", "tes-awal"
Reckoned = dict[int, tuple[int, str, datetime | None]]


@pytest.fixture(scope="module")
def program() -> Program:
    return load_catalog(ROOT).program("netralitas")


class History:
    """Invents what one person did; `begun` is stored as the actions store it."""

    def __init__(self, db: Connection, program: Program, dice: Random, now: datetime, person_id: int) -> None:
        self.db, self.program, self.dice, self.now, self.person_id = db, program, dice, now, person_id
        self.at = now - timedelta(days=dice.randint(100, 900))
        self.open: set[str] = set()

    def _add(self, table: Any, **values: object) -> Any:
        key = {"person_id": self.person_id, "program_id": self.program.id}
        return self.db.execute(insert(table).values(**key | values).returning(*table.primary_key)).first()

    def _later(self) -> datetime:
        self.at += timedelta(days=self.dice.choice((0, 1, 30)), hours=1)
        return self.at

    def live(self) -> None:
        """Read, answer, sign, be certified, lose it, begin again: each with some chance."""
        chance = self.dice.random
        if chance() < 0.5:
            step = next(step for step in self.program.head.steps if step.kind == "module")
            section = self.program.module(step.ref).sections[0].id
            named: dict[str, Any] = {"person_id": self.person_id, "program": self.program, "step_id": step.id}
            progress.open_section(self.db, section_id=section, now=self._later(), **named)
        if chance() < 0.3:
            self._attempt(OTHER, 1)
        number = {FINAL: 0, FORMER: 0}
        certified = ""
        for _ in range(self.dice.choice((0, 0, 1, 2, 4))):
            quiz_id = FINAL if chance() < 0.85 else FORMER
            number[quiz_id] += 1
            made, passed = self._attempt(quiz_id, number[quiz_id])
            if passed and chance() < 0.7:
                signed = self._add(
                    pledge, attempt_id=made, text_version=1, text_hash="h", assurance="code", signed_at=self.at
                )
                if chance() < 0.8:
                    if certified and chance() < 0.8:
                        self._happen(certified, "superseded")
                        certified = ""
                    if not certified:
                        certified = self._certify(made, signed.id)
            if certified and chance() < 0.3:
                self._happen(certified, "revoked")
            if number[FINAL] and chance() < 0.25:
                self._round(number[FINAL])

    def _attempt(self, quiz_id: str, number: int) -> tuple[int, bool]:
        # One open attempt for each quiz.
        began, done = self._later(), self.dice.random() < 0.9 or quiz_id in self.open
        self.open |= set() if done else {quiz_id}
        passed = done and quiz_id != OTHER and self.dice.random() < 0.7
        ended = {"state": "submitted", "closed_at": self._later(), "score": self.dice.randint(0, 100)} if done else {}
        told = {"passed": passed} if done and quiz_id != OTHER else {}
        row = self._add(attempt, quiz_id=quiz_id, kind="quiz", number=number, started_at=began, **ended, **told)
        progress.note_begun(self.db, person_id=self.person_id, program=self.program)
        return int(row.id), passed

    def _certify(self, attempt_id: int, pledge_id: int) -> str:
        ends = self.dice.choice((None, self.at + timedelta(days=60), self.now + timedelta(days=90)))
        named = {
            "id": f"c{attempt_id}",
            "code": f"K{attempt_id}",
            "number": f"800/{attempt_id}",
            "sequence": attempt_id,
        }
        self._add(
            certificate,
            **named,
            issuer_code="X",
            year=2026,
            attempt_id=attempt_id,
            pledge_id=pledge_id,
            record="{}",
            pdf_sha256="",
            issued_at=self._later(),
            expires_at=ends,
            is_example=False,
        )
        return f"c{attempt_id}"

    def _happen(self, certificate_id: str, state: str) -> None:
        values = {"certificate_id": certificate_id, "state": state, "reason": "uji", "at": self._later()}
        self.db.execute(insert(certificate_event).values(values))

    def _round(self, after: int) -> None:
        taken = quiz_round.c.person_id == self.person_id, quiz_round.c.after_number == after
        if self.db.execute(select(quiz_round).where(*taken)).first() is None:
            values = {"after_number": after, "opened_at": self._later(), "opened_by": self.person_id}
            self._add(quiz_round, quiz_id=FINAL, **values)


def invent(db: Connection, program: Program, now: datetime, dice: Random, people: int = PEOPLE) -> list[int]:
    """Store units, people and what they did; return the ids of the units."""
    units = [
        int(db.execute(insert(unit).values(name=f"Dinas {n}").returning(unit.c.id)).scalar_one()) for n in range(4)
    ]
    for number in range(people):
        values = {
            "employee_id": f"P-{number}",
            "name": f"Nama {dice.randint(0, 30)}",
            "kind": "non_asn",
            "unit_id": dice.choice([*units, *units, None]),
            "assurance": dice.choice(("declared", "roster", "code", "code")),
            "state": "gone" if dice.random() < 0.05 else "active",
            "created_at": now,
            "updated_at": now,
        }
        who = db.execute(insert(person).values(**values).returning(person.c.id)).scalar_one()
        History(db, program, dice, now, int(who)).live()
    return units


def reckon(db: Connection, now: datetime) -> Reckoned:
    """Return unit, status and the day of finishing of everybody on the list, from whole tables and person by person."""

    def of(table: Any, person_id: int) -> list[Any]:
        return [row for row in tables[table] if row.person_id == person_id]

    named = (attempt, section_progress, certificate, pledge, quiz_round)
    tables = {table: db.execute(select(table)).all() for table in named}
    quiz_of = {row.id: (row.quiz_id, row.number) for row in tables[attempt]}
    events = db.execute(select(certificate_event)).all()
    found: Reckoned = {}
    for one in db.execute(select(person)).all():
        held, attempts = of(certificate, one.id), of(attempt, one.id)
        happened = {each.id: {e.state: e.at for e in events if e.certificate_id == each.id} for each in held}
        present = next((each for each in held if "superseded" not in happened[each.id]), None)
        if one.state != "active" or one.unit_id is None or (one.assurance == "declared" and present is None):
            continue
        revoked = happened[present.id].get("revoked") if present else None
        rounds = of(quiz_round, one.id)
        after = max((each.after_number for each in rounds), default=0)
        opened = any(revoked is None or revoked < each.opened_at for each in rounds)
        closed = [each for each in attempts if each.quiz_id == FINAL and each.state != "open"]
        passes = [each for each in closed if each.passed]
        in_round = any(each.number > after for each in passes)
        changed = present is not None and quiz_of[present.attempt_id][0] != FINAL and revoked is None
        certified_anew = any(quiz_of[e.attempt_id] > (FINAL, after) and quiz_of[e.attempt_id][0] == FINAL for e in held)
        anew = in_round and (present is None or ((opened or changed) and not certified_anew))
        signed = any(quiz_of[e.attempt_id][0] == FINAL and quiz_of[e.attempt_id][1] > after for e in of(pledge, one.id))
        finished = present.issued_at if present else None
        if present and not revoked and (present.expires_at is None or present.expires_at > now):
            status = "certified"
        elif anew:
            status = "waiting" if signed else "passed"
            moments = [each.closed_at for each in passes]
            finished = max(moments) if opened else min(moments)
        elif present:
            status = "revoked" if revoked else "expired"
        elif closed:
            status = "failed"
        else:
            status = "under_way" if attempts or of(section_progress, one.id) else "not_started"
        if status not in ("certified", "waiting", "passed", "revoked", "expired") and passes:
            finished = max(each.closed_at for each in passes) if opened else min(each.closed_at for each in passes)
        found[one.id] = (one.unit_id, status, finished)
    return found


def _listed(transaction: Transaction, program: Program, wanted: Filter, scope: Scope = EVERYONE) -> list[Any]:
    named: dict[str, Any] = {"scope": scope, "program": program, "wanted": wanted, "now": transaction.now}
    rows = list(completion.rows(transaction.db, **named))
    tallied = completion.tally(transaction.db, **named)
    assert completion.counts(tallied) == dict.fromkeys(STATUSES, 0) | Counter(row.status for row in rows)
    return rows


def test_the_list_says_what_a_plain_reckoning_says(database: Database, program: Program) -> None:
    dice = Random(20261128)
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        units = invent(db, program, now, dice)
        reckoned = reckon(db, now)
        assert len({status for _, status, _ in reckoned.values()}) == 8
        tallied = completion.tally(db, scope=EVERYONE, program=program, wanted=Filter(), now=now)
        counted = {(one.unit_id, one.status): one.people for one in tallied}
        assert counted == Counter((unit_id, status) for unit_id, status, _ in reckoned.values())
        rows = _listed(transaction, program, Filter())
        by_number = {row.identifier: (row.status, row.finished_at) for row in rows}
        numbers = {row.id: row.employee_id for row in db.execute(select(person.c.id, person.c.employee_id))}
        assert by_number == {numbers[who]: (status, at) for who, (_, status, at) in reckoned.items()}
        some = Scope(everyone=False, units=frozenset(units[:2]))
        assert len(_listed(transaction, program, Filter(), some)) == sum(
            unit_id in units[:2] for unit_id, _, _ in reckoned.values()
        )
        first, last = now.date() - timedelta(days=500), now.date() - timedelta(days=200)
        of_days = _listed(transaction, program, Filter(day_from=first, day_to=last))
        assert len(of_days) == sum(at is not None and first <= _day(at) <= last for _, _, at in reckoned.values())


def _day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Asia/Jakarta")).date()


def test_a_forgotten_note_would_show(database: Database, program: Program) -> None:
    """Control: the reckoning reads sections and attempts themselves, so it notices a note that is missing."""
    with database.write() as transaction:
        db, now = transaction.db, transaction.now
        invent(db, program, now, Random(1), 60)
        db.execute(delete(begun))
        found = completion.counts(completion.tally(db, scope=EVERYONE, program=program, wanted=Filter(), now=now))
        expected = Counter(status for _, status, _ in reckon(db, now).values())
        assert expected["under_way"] > found["under_way"] == 0

"""A process that answers quizzes from many threads and logs each answer that the database has taken.

`python -m tests.faults.answering URL LOG THREADS THINK [early]`: as many people at a time as there are threads start
the pre-test, think that many seconds over each answer, and hand in; then new ones come. With `early` it logs
before the commit, as an app would that says "Tersimpan" too soon: the control of the fault tests.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import insert

from people.roles import Actor
from quizzes import attempts
from quizzes.content import Library, load_library
from quizzes.sheets import Sheet
from storage import troubles
from storage.engine import Database, Transaction, open_database
from storage.tables import person
from tests.choices import some
from tests.faults.crowd import SECRET

ROOT = Path(__file__).parent.parent.parent
STEP = "tes-awal"
T = TypeVar("T")


class Log:
    """Lines that outlive the process: one write each, appended, in the system's hands at once."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, **facts: Any) -> None:
        os.write(self.handle, (json.dumps(facts) + "\n").encode())


class Answerer:
    """One thread: person after person, each from the first question to handing in."""

    def __init__(self, database: Database, library: Library, log: Log, think: float, *, early: bool) -> None:
        self.database, self.log, self.think, self.early = database, log, think, early
        self.library, self.program = library, library.catalog.program("netralitas")

    def run(self) -> None:
        """Answer until the process ends."""
        while True:
            for person_id in self._act({}, _new_people):
                self._one(Actor(person_id=person_id, name="Peserta", assurance="code"))

    def _one(self, actor: Actor) -> None:
        sheet = self._act(
            {},
            lambda t: attempts.start_or_resume(
                t.db, actor=actor, library=self.library, program=self.program, step_id=STEP, now=t.now
            ),
        )
        while (question := sheet.question) is not None:
            said: dict[str, Any] = {
                "attempt_id": sheet.attempt_id,
                "position": question.position,
                "choice": list(some(question)),
                "seen_sequence": question.sequence,
                "token": uuid4().hex,
            }
            time.sleep(self.think)
            sheet = self._answer(actor, said)
        attempt_id = sheet.attempt_id
        self._act(
            {"submitted": attempt_id}, lambda t: attempts.submit(t.db, actor=actor, attempt_id=attempt_id, now=t.now)
        )

    def _answer(self, actor: Actor, said: dict[str, Any]) -> Sheet:
        facts = {"person": actor.person_id, **said}
        return self._act(facts, lambda t: attempts.answer(t.db, actor=actor, now=t.now, **said))

    def _act(self, facts: dict[str, Any], action: Callable[[Transaction], T]) -> T:
        """One action, one transaction; a client whose server is away tries again with the same token."""
        if facts and self.early:
            self.log.note(**facts, at=time.time())
        while True:
            try:
                with self.database.write() as transaction:
                    result = action(transaction)
                if facts and not self.early:
                    self.log.note(**facts, at=time.time())
                return result
            except Exception as error:
                if troubles.kind_of(error) not in ("away", "busy"):
                    raise
                self.log.note(failed=type(error).__name__, at=time.time())
                time.sleep(0.05)


def _new_people(transaction: Transaction) -> list[int]:
    moment = {"created_at": transaction.now, "updated_at": transaction.now}
    values = {"kind": "non_asn", "name": "Peserta", "assurance": "code", **moment}
    rows = [{"employee_id": uuid4().hex, **values} for _ in range(10)]
    return list(transaction.db.execute(insert(person).returning(person.c.id), rows).scalars())


def main(url: str, log: str, threads: str, think: str, *flags: str) -> None:
    """Answer until somebody kills the process."""
    database, library, written = open_database(url, SECRET), load_library(ROOT), Log(Path(log))
    for _ in range(int(threads)):
        answerer = Answerer(database, library, written, float(think), early="early" in flags)
        Thread(target=answerer.run).start()


if __name__ == "__main__":
    main(*sys.argv[1:])

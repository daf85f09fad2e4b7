"""People who take the pre-test in tabs on a real server, and count what it acknowledged: a next question shown."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from websockets.exceptions import WebSocketException

from storage import audit
from storage.engine import Database
from storage.tables import attempt, response
from tests.faults import crowd
from tests.faults.ledger import Count
from tests.wire import Tab, pressed

LAST = 9
"""The pre-test has ten questions; after the ninth answer the tenth is shown, and the person is done here."""
_SHOWN = re.compile(r"# Soal (\d+) dari")


@dataclass
class Taker:
    """One person. `acknowledged` answers are those after which the next question was on the screen."""

    person_id: int
    token: str
    acknowledged: int = 0
    refused: int = 0
    at: float = 0

    def look(self, tab: Tab) -> None:
        """Take in what the screen says now."""
        shown = number_on(tab)
        if shown - 1 > self.acknowledged:
            self.acknowledged, self.at = shown - 1, time.monotonic()
        elif not shown:
            self.refused += 1


def number_on(tab: Tab) -> int:
    """Return the number of the question on the screen, 0 without one."""
    return next((int(found[1]) for text in tab.texts if (found := _SHOWN.search(text))), 0)


def made(database: Database, count: int) -> list[Taker]:
    """Make people who have done nothing yet."""
    return [Taker(actor.person_id, token) for actor, token in crowd.people(database, count)]


async def answer_on(url: str, takers: list[Taker], *, think: float = 0) -> None:
    """Let people answer one after the other in tabs of their own, until the last is done or the server is gone."""
    for taker in takers:
        tab = crowd.at_quiz(url, taker.token)
        try:
            await tab.open()
            while taker.acknowledged < LAST:
                await tab.run(_next(tab))
                taker.look(tab)
                # Refused: nothing to click, so look again a little later, as people do.
                await asyncio.sleep(think if number_on(tab) else 0.2)
            await tab.close()
        except (OSError, WebSocketException):
            return


def _next(tab: Tab) -> list[Any]:
    if number_on(tab):
        return crowd.click(tab)
    begin = [button for button in tab.of_kind("Button") if button.label == "Mulai kuis"]
    return [pressed(button) for button in begin]


async def enough(takers: list[Taker], count: int, seconds: float = 60) -> None:
    """Wait until so many answers more than now are acknowledged."""
    goal, until = total(takers) + count, time.monotonic() + seconds
    while total(takers) < goal:
        assert time.monotonic() < until, f"{total(takers)} of {goal} answers"
        await asyncio.sleep(0.02)


def total(takers: list[Taker]) -> int:
    """Return how many answers were acknowledged."""
    return sum(taker.acknowledged for taker in takers)


def check(database: Database, takers: list[Taker]) -> Count:
    """Compare what the screens said with the database: each acknowledged answer there, and once."""
    with database.read() as transaction:
        rows = select(attempt.c.person_id, response.c.position).join(attempt, response.c.attempt_id == attempt.c.id)
        stored = Counter((row.person_id, row.position) for row in transaction.db.execute(rows))
        intact = audit.verify(transaction.db).intact
    lost = sum((one.person_id, place) not in stored for one in takers for place in range(1, one.acknowledged + 1))
    return Count(total(takers), lost, sum(times > 1 for times in stored.values()), int(not intact))


async def back(url: str, takers: list[Taker]) -> int:
    """Let everybody open the quiz anew; return how many are no further back than their screen was."""
    kept = 0
    for taker in takers:
        async with crowd.at_quiz(url, taker.token) as tab:
            for _ in range(20):
                if number_on(tab):
                    break
                # Busy: it says so, and people look again.
                await asyncio.sleep(0.2)
                await tab.run()
            kept += number_on(tab) > taker.acknowledged
    return kept

"""F07: a tab is closed 0 to 500 ms after its answer was sent: the answer is stored whole, or it is not there."""

import asyncio
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from storage.engine import Database
from storage.tables import attempt, response
from tests.conftest import ROOT
from tests.faults import crowd, ledger
from tests.figures import count, figure
from tests.server import Server
from tests.wire import Tab, pressed

PEOPLE = count(12, 125)
EACH = 4 if PEOPLE == 12 else 8
AT_A_TIME = 6
CONTROL = 12


def _answers(database: Database, person_id: int) -> int:
    """Count what a person has stored."""
    with database.read() as transaction:
        mine = select(response.c.id).join(attempt).where(attempt.c.person_id == person_id)
        return len(transaction.db.execute(mine).all())


async def _shown(url: str, token: str) -> int:
    """Open the quiz anew; return the number of the question that it goes on with."""
    async with crowd.at_quiz(url, token) as tab:
        (heading,) = (text for text in tab.texts if text.startswith("# Soal "))
        return int(heading.split()[2])


async def _one(url: str, database: Database, person_id: int, token: str, wait: float) -> bool:
    """Answer and close the tab in mid-run; tell whether what is stored and what is shown on return agree."""
    tab = crowd.at_quiz(url, token)
    await tab.open()
    if any(button.label == "Mulai kuis" for button in tab.of_kind("Button")):
        await tab.run([pressed(tab.button("Mulai kuis"))])
    before = await asyncio.to_thread(_answers, database, person_id)
    await tab.send(crowd.click(tab))
    await asyncio.sleep(wait)
    await tab.drop()
    # A run that nobody sees any more may still be storing: look until nothing moves.
    for _ in range(50):
        known = await asyncio.to_thread(_answers, database, person_id)
        shown = await _shown(url, token)
        if known == await asyncio.to_thread(_answers, database, person_id):
            return known - before in (0, 1) and shown == known + 1
    return False


@pytest.mark.figure
def test_an_answer_is_stored_whole_or_not_there(database: Database, tmp_path: Path) -> None:
    crowd.more_descriptors()
    made, random = crowd.people(database, PEOPLE), Random(7)
    more: dict[str, Any] = {"SINETRAL_DATABASE_URL": crowd.url_of(database), "SINETRAL_COOKIE_SECRET": crowd.SECRET}
    server = Server(tmp_path / "data", **more).start()
    gate = asyncio.Semaphore(AT_A_TIME)

    async def person(person_id: int, token: str) -> int:
        async with gate:
            # Every second one within the few milliseconds that a run takes.
            waits = [random.uniform(0, 0.03 if number % 2 else 0.5) for number in range(EACH)]
            return sum([await _one(server.url, database, person_id, token, wait) for wait in waits])

    async def everybody() -> list[int]:
        return await asyncio.gather(*(person(actor.person_id, token) for actor, token in made))

    try:
        good = sum(asyncio.run(everybody()))
    finally:
        server.stop()
    asked = PEOPLE * EACH
    torn, kept = ledger.check(database, []).torn, sum(_answers(database, actor.person_id) for actor, _ in made)
    what = f"tabs closed in mid-save found their answer whole or absent ({kept} whole, {torn} torn)"
    figure(f"F07 {database.engine.dialect.name}", good, asked, what)
    assert (good, torn) == (asked, 0)
    assert kept > 0


@pytest.mark.figure
def test_control_of_f07_an_answer_in_two_steps_is_halved(tmp_path: Path) -> None:
    folder = tmp_path / "halving"
    shutil.copytree(ROOT / "tests/faults/halving", folder)
    written, random = tmp_path / "written", Random(7)
    server = Server(tmp_path / "data", script=folder / "app.py", health="/_stcore/health", HALVES=str(written)).start()

    async def close_early() -> None:
        for _ in range(CONTROL):
            tab = Tab(server.url)
            await tab.open()
            await tab.send(crowd.click(tab))
            await asyncio.sleep(random.uniform(0.02, 0.2))
            await tab.drop()
        await asyncio.sleep(0.5)

    try:
        asyncio.run(close_early())
    finally:
        server.stop()
    lines = written.read_text()
    whole = lines.count("score")
    figure("F07 control", whole, lines.count("answer"), "whole when one answer is stored in two steps")
    assert whole < lines.count("answer")

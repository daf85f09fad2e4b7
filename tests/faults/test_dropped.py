"""F05: all sockets drop at once; everybody comes back to their own question, from the database and their cookie."""

import asyncio
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from storage.engine import Database
from tests.conftest import ROOT
from tests.faults import crowd
from tests.faults.proxy import Proxy
from tests.figures import FULL, count, figure
from tests.server import Server, free_port
from tests.wire import Tab, pressed

PEOPLE = count(24, 1_000)
# More than the 128 dropped states that Streamlit keeps.
CONTROL = 150
AT_A_TIME = 50


async def in_turns(*works: object) -> None:
    """Await all of these, some at a time, as people do not all click in the same millisecond."""
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one(work: object) -> None:
        async with gate:
            await work  # type: ignore[misc]

    await asyncio.gather(*(one(work) for work in works))


async def walk(tab: Tab, steps: int) -> None:
    """Open the quiz, begin it, and answer so many questions."""
    await tab.open()
    await tab.run([pressed(tab.button("Mulai kuis"))])
    for _ in range(steps):
        await tab.run(crowd.click(tab))


async def all_drop(proxy: Proxy, tabs: list[Tab]) -> float:
    """Cut every socket, and let all come back with the ids of their tabs; return the seconds until the last stands."""
    before = proxy.cuts
    proxy.cut()
    assert proxy.cuts - before == len(tabs)
    begun = time.monotonic()
    await in_turns(*(tab.open() for tab in tabs))
    return time.monotonic() - begun


@pytest.mark.figure
def test_everybody_is_back_at_their_own_question(database: Database, tmp_path: Path) -> None:
    crowd.more_descriptors()
    made, port = crowd.people(database, PEOPLE), free_port()
    address = f"http://127.0.0.1:{port}"
    more: dict[str, Any] = {"SINETRAL_DATABASE_URL": crowd.url_of(database), "SINETRAL_COOKIE_SECRET": crowd.SECRET}
    server = Server(tmp_path / "data", SINETRAL_BASE_URL=address, **more).start()
    tabs = [crowd.at_quiz(address, token) for _, token in made]

    async def story() -> tuple[int, float]:
        async with Proxy(port, server.port) as proxy:
            await in_turns(*(walk(tab, number % 3) for number, tab in enumerate(tabs)))
            before = [crowd.question(tab) for tab in tabs]
            assert all(before)
            assert len(set(before)) == PEOPLE
            seconds = await all_drop(proxy, tabs)
            back = [
                crowd.question(tab) == seen and tab.says(f"# Soal {number % 3 + 1} dari")
                for number, (tab, seen) in enumerate(zip(tabs, before, strict=True))
            ]
            # One click goes on from there.
            await in_turns(*(tab.run(crowd.click(tab)) for tab in tabs))
            on = [tab.says(f"# Soal {number % 3 + 2} dari") for number, tab in enumerate(tabs)]
            for tab in tabs:
                await tab.close()
            return sum(one and two for one, two in zip(back, on, strict=True)), seconds

    try:
        kept, seconds = asyncio.run(story())
    finally:
        server.stop()
    what = f"dropped at once are back at their own question and go on; the last after {seconds:.1f} s"
    figure(f"F05 {database.engine.dialect.name}", kept, PEOPLE, what)
    assert kept == PEOPLE
    assert not FULL or seconds <= 30


@pytest.mark.figure
def test_control_of_f05_an_app_that_remembers_in_its_memory_forgets(tmp_path: Path) -> None:
    crowd.more_descriptors()
    folder = tmp_path / "forgetful"
    shutil.copytree(ROOT / "tests/faults/forgetful", folder)
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit/config.toml").write_text(
        '[runner]\npostScriptGC = false\n[server]\nfileWatcherType = "none"\n'
    )
    server = Server(tmp_path / "data", script=folder / "app.py", health="/_stcore/health").start()

    async def story() -> int:
        port = free_port()
        tabs = [Tab(f"http://127.0.0.1:{port}") for _ in range(CONTROL)]

        async def begin(tab: Tab) -> None:
            await tab.open()
            await tab.run(crowd.click(tab))

        async with Proxy(port, server.port) as proxy:
            await in_turns(*(begin(tab) for tab in tabs))
            assert all(tab.says("# Soal 2 dari") for tab in tabs)
            await all_drop(proxy, tabs)
            kept = sum(tab.says("# Soal 2 dari") for tab in tabs)
            for tab in tabs:
                await tab.close()
            return kept

    try:
        kept = asyncio.run(story())
    finally:
        server.stop()
    figure("F05 control", kept, CONTROL, "kept by an app that remembers in its session state")
    assert kept < CONTROL

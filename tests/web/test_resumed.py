"""A tab that came back costs what a new one costs: nobody watches source files for it (web/no_watchers.py)."""

import asyncio
from pathlib import Path
from typing import Any

import psutil
import pytest

from storage.engine import Database
from tests.conftest import Cast
from tests.faults import crowd
from tests.figures import figure
from tests.server import Server, altered
from tests.wire import Tab

TABS = 8


async def cpu_of_opening(server: Server, token: str) -> tuple[float, float]:
    """Return the server's CPU seconds for some new tabs, and for the same ones after they dropped and came back."""
    assert server.process is not None
    process = psutil.Process(server.process.pid)

    def spent() -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    async def opened(tabs: list[Tab]) -> float:
        before = spent()
        for tab in tabs:
            await tab.open()
        await tabs[-1].run()
        return spent() - before

    first, *tabs = (crowd.at_quiz(server.url, token) for _ in range(TABS + 1))
    await first.open()  # what is loaded once
    new, sessions = await opened(tabs), [tab.session_id for tab in tabs]
    for tab in tabs:
        await tab.drop()
    again = await opened(tabs)
    assert [tab.session_id for tab in tabs] == sessions
    for tab in (first, *tabs):
        await tab.close()
    return new, again


@pytest.mark.figure
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("watching", [False, True])
def test_a_resumed_tab_costs_what_a_new_one_does(
    database: Database, cast: Cast, tmp_path: Path, watching: bool
) -> None:
    more: dict[str, Any] = {"SINETRAL_DATABASE_URL": crowd.url_of(database), "SINETRAL_COOKIE_SECRET": crowd.SECRET}
    data = tmp_path / "data"
    server = (altered(data, "watching", **more) if watching else Server(data, **more)).start()
    try:
        new, again = asyncio.run(cpu_of_opening(server, cast.tokens["sari"]))
    finally:
        server.stop()
    name = "resumed tab, control with Streamlit's own watchers" if watching else "resumed tab"
    figure(name, round(again * 1000), round(new * 1000), f"ms of CPU that {TABS} new tabs take")
    # Far apart: about the same without watchers, 5 to 20 times as much with them.
    assert (again > 3 * new) == watching

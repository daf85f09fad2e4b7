"""F01 and F02 through the whole app: sockets, pages, and a next question on the screen for an acknowledgement."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from storage.engine import Database, open_database
from tests.faults import crowd, ledger, takers
from tests.faults.ledger import Count
from tests.faults.takers import Taker
from tests.figures import count, figure
from tests.server import Server, altered

ROUNDS = count(1, 20)
CONTROL_ROUNDS = 5
RESTARTS = count(1, 5)
TABS = count(8, 60)
EACH = 3


def _settings(database: Database) -> dict[str, Any]:
    return {"SINETRAL_DATABASE_URL": crowd.url_of(database), "SINETRAL_COOKIE_SECRET": crowd.SECRET}


async def _killed_midway(server: Server, people: list[Taker], random: Random) -> None:
    """Let people answer in several tabs at once, and kill the app at some moment."""
    tabs = [asyncio.create_task(takers.answer_on(server.url, people[number::TABS])) for number in range(TABS)]
    await takers.enough(people, TABS)
    await asyncio.sleep(random.uniform(0.2, 1))
    await asyncio.to_thread(server.kill)
    await asyncio.gather(*tabs)


def _one_kill(server: Server, people: list[Taker], random: Random) -> list[Taker]:
    server.start()
    try:
        asyncio.run(_killed_midway(server, people, random))
    finally:
        server.stop()
    return [one for one in people if one.acknowledged]


@pytest.mark.figure
def test_an_answer_after_which_the_next_question_stood_outlives_the_app(database: Database, tmp_path: Path) -> None:
    crowd.more_descriptors()
    random, found, everybody = Random(4), Count(), takers.made(database, TABS * EACH * ROUNDS)
    server = Server(tmp_path / "data", **_settings(database))
    for number in range(ROUNDS):
        people = _one_kill(server, everybody[number::ROUNDS], random)
        server.start()
        found = found + takers.check(database, people)
        returned = asyncio.run(takers.back(server.url, people[:TABS]))
        server.stop()
        assert returned == len(people[:TABS])
    kind = database.engine.dialect.name
    figure(f"F01 of the app, {kind}", found.kept, found.acknowledged, f"answers kept over {ROUNDS} kills; {found}")
    assert found.clean, found


@pytest.mark.figure
def test_control_of_f01_an_app_that_commits_later_loses_answers(database: Database, tmp_path: Path) -> None:
    random, found, everybody = Random(5), Count(), takers.made(database, TABS * EACH * CONTROL_ROUNDS)
    server = altered(tmp_path / "data", "early", **_settings(database))
    for number in range(CONTROL_ROUNDS):
        found = found + takers.check(database, _one_kill(server, everybody[number::CONTROL_ROUNDS], random))
        if found.lost:
            break
    kind = database.engine.dialect.name
    figure(f"F01 control of the app, {kind}", found.kept, found.acknowledged, "kept where the commit comes later")
    assert found.lost > 0


async def _over_restarts(postgres: Any, server: Server, people: list[Taker]) -> None:
    """Kill PostgreSQL while people answer; the app stays, and so do their tabs."""
    tabs = [asyncio.create_task(takers.answer_on(server.url, people[number::TABS])) for number in range(TABS)]
    for _ in range(RESTARTS):
        await takers.enough(people, TABS)
        await asyncio.to_thread(ledger.kill_postgres, postgres)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(postgres.ensure_postgres_running)
        await takers.enough(people, TABS)
    for tab in tabs:
        tab.cancel()
    await asyncio.gather(*tabs, return_exceptions=True)


@pytest.mark.figure
def test_tabs_go_on_over_a_killed_postgresql(own_server: Any, tmp_path: Path) -> None:
    url = make_url(own_server.get_uri()).render_as_string(hide_password=False)
    server = Server(tmp_path / "data", SINETRAL_DATABASE_URL=url, SINETRAL_COOKIE_SECRET=crowd.SECRET).start()
    database = open_database(url, crowd.SECRET)
    people = takers.made(database, TABS * EACH * RESTARTS)
    database.engine.dispose()
    try:
        asyncio.run(_over_restarts(own_server, server, people))
    finally:
        server.stop()
    found, refused = takers.check(database, people), sum(one.refused for one in people)
    database.engine.dispose()
    what = f"answers kept over {RESTARTS} kills of PostgreSQL under open tabs; {found}; {refused} screens told of it"
    figure("F02 of the app", found.kept, found.acknowledged, what)
    assert found.clean, found
    assert refused > 0

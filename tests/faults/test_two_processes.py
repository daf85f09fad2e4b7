"""F20: two processes of the app on one PostgreSQL; one certificate for a person, numbers without a gap for all."""

import asyncio
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from people.roles import Actor
from storage.engine import Database
from storage.tables import certificate
from tests.certificates.conftest import take_quiz
from tests.conftest import ROOT
from tests.faults import crowd
from tests.figures import count, figure
from tests.server import Server, altered
from tests.wire import Tab, pressed, ticked

CLICKS = count(16, 100)
PEOPLE = count(24, 500)
ISSUE = "Setujui dan terbitkan sertifikat"

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> dict[str, Any]:
    """One PostgreSQL for both, and the shipped content with an issuer and a signatory of its own."""
    root = tmp_path / "content"
    for part in ("modules/content", "quizzes/content"):
        shutil.copytree(ROOT / part, root / part)
    for program in root.glob("modules/content/*/program.yaml"):
        program.write_text(re.sub(r"  placeholder: .*\n", "", program.read_text()))
    more: dict[str, Any] = {"SINETRAL_DATABASE_URL": crowd.url_of(database), "SINETRAL_COOKIE_SECRET": crowd.SECRET}
    return {**more, "SINETRAL_CONTENT_DIR": str(root)}


@pytest.fixture
def both(settings: dict[str, Any], tmp_path: Path) -> Iterator[list[Server]]:
    servers = [Server(tmp_path / name, **settings).start() for name in ("one", "two")]
    yield servers
    for server in servers:
        server.stop()


@dataclass(frozen=True)
class Outcome:
    """What came of many clicks: the numbers given out, and the clicks that were told of a certificate."""

    numbers: list[int]
    told: int


def passed(database: Database, size: int) -> list[tuple[Actor, str]]:
    """Make people who have passed the final quiz; return each with a login token."""
    made = crowd.people(database, size)
    with database.write() as transaction:
        for actor, _ in made:
            take_quiz(transaction.db, actor, transaction.now)
    return made


def clicked(database: Database, servers: list[Server], tokens: list[str]) -> Outcome:
    """Open a tab for each token, in turns on one server and the other, and let all press the button at once."""
    crowd.more_descriptors()
    database.engine.dispose()

    async def story() -> int:
        tabs = [
            Tab(servers[number % len(servers)].url, path="pakta", cookie=f"sinetral={token}")
            for number, token in enumerate(tokens)
        ]
        for tab in tabs:
            await tab.open()
        await asyncio.gather(*(_agree(tab) for tab in tabs))
        told = sum(tab.says("Sertifikat Anda terbit dengan nomor") for tab in tabs)
        for tab in tabs:
            await tab.close()
        return told

    told = asyncio.run(story())
    with database.read() as transaction:
        found = transaction.db.execute(select(certificate.c.sequence).order_by(certificate.c.sequence))
        return Outcome(list(found.scalars()), told)


async def _agree(tab: Tab) -> None:
    """Press; whoever is told that the system is busy reads the page again and presses again, as it asks for."""
    for _ in range(5):
        (agreed,) = tab.of_kind("Checkbox")
        await tab.run([ticked(agreed, on=True), pressed(tab.button(ISSUE))])
        if not tab.says("Sistem sedang sibuk"):
            return
        await tab.run([])


@pytest.mark.figure
def test_many_clicks_of_one_person_give_one_certificate(database: Database, both: list[Server]) -> None:
    ((_, token),) = passed(database, 1)
    outcome = clicked(database, both, [token] * CLICKS)
    what = f"clicks over two processes were told of the same certificate; certificates: {len(outcome.numbers)}"
    figure("F20 one person", outcome.told, CLICKS, what)
    assert outcome == Outcome([1], CLICKS)


@pytest.mark.figure
def test_many_people_get_numbers_without_a_gap(database: Database, both: list[Server]) -> None:
    tokens = [token for _, token in passed(database, PEOPLE)]
    outcome = clicked(database, both, tokens)
    kept = len(set(outcome.numbers))
    figure(
        "F20 many people",
        kept,
        PEOPLE,
        f"distinct numbers over two processes, {min(outcome.numbers)} to {max(outcome.numbers)}",
    )
    assert outcome == Outcome(list(range(1, PEOPLE + 1)), PEOPLE)


@pytest.mark.figure
def test_control_of_f20_without_the_counters_lock(database: Database, settings: dict[str, Any], tmp_path: Path) -> None:
    servers = [altered(tmp_path / name, "unlocked", **settings).start() for name in ("one", "two")]
    people = count(24, 60)
    try:
        outcome = clicked(database, servers, [token for _, token in passed(database, people)])
    finally:
        for server in servers:
            server.stop()
    figure("F20 control", outcome.told, people, "were certified when numbers are read and then written")
    assert outcome != Outcome(list(range(1, people + 1)), people)


@pytest.mark.figure
def test_control_of_f20_with_nothing_unique_one_person_gets_many(
    database: Database, settings: dict[str, Any], tmp_path: Path
) -> None:
    ((_, token),) = passed(database, 1)
    with database.write() as transaction:
        for column in ("attempt_id", "pledge_id"):
            transaction.db.execute(text(f"ALTER TABLE certificate DROP CONSTRAINT uq_certificate_{column}"))
    server = altered(tmp_path / "one", "unlooked", **settings).start()
    try:
        outcome = clicked(database, [server], [token] * CLICKS)
    finally:
        server.stop()
    made = len(outcome.numbers)
    figure("F20 control one person", made, CLICKS, "clicks made a certificate of their own with nothing unique")
    assert made > 1

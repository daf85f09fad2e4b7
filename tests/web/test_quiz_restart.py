"""The server is killed while a choice lies unsent: the first click afterwards still counts."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage.engine import Database
from storage.tables import response
from tests.server import Server
from tests.wire import Tab, answered, pressed

SECRET = "x" * 40


class Returning(Tab):
    """A tab whose browser has just connected again: the first thing it sends is the click."""

    first: tuple[Any, ...] = ()

    async def run(self, states: Any = ()) -> None:
        await super().run([*self.first, *states])
        self.first = ()


def stored(database: Database) -> list[int]:
    with database.read() as t:
        return list(t.db.execute(select(response.c.position).order_by(response.c.id)).scalars())


async def answer_across_a_kill(server: Server, token: str) -> tuple[bool, Tab]:
    """Answer once, kill the server over the second choice, start it, click. Return what the last screen says."""
    where: dict[str, Any] = {"path": "kuis", "query": "langkah=tes-awal", "cookie": f"sinetral={token}"}
    tab = Tab(server.url, **where)
    await tab.open()
    await tab.run([pressed(tab.button("Mulai kuis"))])
    await tab.run([*answered(tab), pressed(tab.button("Simpan dan lanjut"))])
    click = (*answered(tab), pressed(tab.button("Simpan dan lanjut")))
    await asyncio.to_thread(server.kill)
    await asyncio.to_thread(server.start)
    again = Returning(server.url, **where)
    again.first = click
    await again.open()
    return again.says("# Soal 3 dari"), again


def test_the_first_click_after_a_restart_is_kept(database: Database, cast: Any, tmp_path: Path) -> None:
    url = database.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    database.engine.dispose()
    server = Server(tmp_path / "data", SINETRAL_DATABASE_URL=url, SINETRAL_COOKIE_SECRET=SECRET).start()
    try:
        went_on, tab = asyncio.run(answer_across_a_kill(server, cast.tokens["sari"]))
    finally:
        server.stop()
    assert went_on, tab.texts
    assert stored(database) == [1, 2]

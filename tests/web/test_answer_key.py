"""T20 over a real server: every frame and body of a whole attempt, with a question of every kind (see figures)."""

import asyncio
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from quizzes import store
from storage.engine import Database
from storage.tables import attempt, response
from tests import every_kind
from tests.conftest import ROOT
from tests.figures import figure
from tests.server import Server
from tests.wire import Tab, answered, chosen, pressed

SECRET = "x" * 40
SAVE = "Simpan dan lanjut"
# A server whose questions carry their explanations: what the test must find.
LEAKING = """
import runpy, sys
from dataclasses import replace
sys.path.insert(0, {root!r})
from quizzes import sheets

told = sheets._question

def with_reasons(row):
    if row.part == "scenario":
        return told(row)
    item = sheets.item_of(row.content)
    return replace(told(row), stem=" ".join([item.stem, *(one.why for one in (*item.options, *item.parts))]))

sheets._question = with_reasons
runpy.run_path({app!r}, run_name="__main__")
"""


def marks(database: Database) -> list[str]:
    """Return what would give a key of the one attempt away."""
    with database.read() as t:
        attempt_id = t.db.execute(select(attempt.c.id)).scalar_one()
        return [mark for row in store.paper(t.db, attempt_id) for mark in every_kind.marks(row.part, row.content)]


async def walk(server: Server, token: str) -> list[bytes]:
    """Answer every question, go back, answer otherwise, look at the list; return all that was sent until then."""
    where: dict[str, Any] = {"path": "kuis", "query": "langkah=tes", "cookie": f"sinetral={token}"}
    async with Tab(server.url, keep=True, **where) as tab:
        await tab.run([pressed(tab.button("Mulai kuis"))])
        for position in range(1, every_kind.ITEMS + 1):
            assert tab.says(f"# Soal {position} dari {every_kind.SIZE}"), tab.texts
            await tab.run([pressed(tab.button(SAVE))])
            await tab.run([*answered(tab), pressed(tab.button(SAVE))])
            await tab.run([pressed(tab.button(f"Kembali ke soal {position}"))])
            await tab.run([*answered(tab, 1), pressed(tab.button(SAVE))])
        await decide(tab)
        assert tab.says("Semua soal sudah dijawab."), tab.texts
        return tab.frames


async def decide(tab: Tab) -> None:
    """Decide the scenario to its end, always the first choice shown."""
    while tab.says("Keputusan"):
        await tab.run([*answered(tab), pressed(tab.button(SAVE))])


async def half_filled(server: Server, token: str) -> list[str]:
    """Walk through the quiz; before each question of parts is answered, leave it half filled and see what is said."""
    where: dict[str, Any] = {"path": "kuis", "query": "langkah=tes", "cookie": f"sinetral={token}"}
    said = []
    async with Tab(server.url, **where) as tab:
        await tab.run([pressed(tab.button("Mulai kuis"))])
        for position in range(1, every_kind.ITEMS + 1):
            parts = [*tab.of_kind("Radio"), *tab.of_kind("Selectbox")]
            if len(parts) > 1:
                await tab.run([answered(tab)[0], pressed(tab.button(SAVE))])
                said += [text for text in tab.texts if "isian" in text]
                await tab.run([*(chosen(one, 0) for one in parts[: len(parts) // 2]), pressed(tab.button(SAVE))])
                said += [text for text in tab.texts if "nomor hanya" in text]
            assert tab.says(f"# Soal {position} dari {every_kind.SIZE}"), tab.texts
            await tab.run([*answered(tab), pressed(tab.button(SAVE))])
        await decide(tab)
        assert tab.says("Semua soal sudah dijawab."), tab.texts
    return said


def body(url: str, token: str) -> bytes:
    """Return what the server answers to a plain request."""
    request = urllib.request.Request(url, headers={"Cookie": f"sinetral={token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


@contextmanager
def serving(database: Database, folder: Path, script: Path = ROOT / "app.py") -> Iterator[Server]:
    """Run a server of the small programme on this database."""
    content = every_kind.build(folder / "content")
    url = database.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    more = {"SINETRAL_DATABASE_URL": url, "SINETRAL_COOKIE_SECRET": SECRET, "SINETRAL_CONTENT_DIR": str(content)}
    server = Server(folder / "data", script=script, **more).start()
    try:
        yield server
    finally:
        server.stop()


def told(database: Database, token: str, folder: Path, script: Path = ROOT / "app.py") -> tuple[list[str], int]:
    """Walk through an attempt on a server; return the marks found in all it sent, and how much that was."""
    with serving(database, folder, script) as server:
        sent = asyncio.run(walk(server, token))
        sent += [body(f"{server.url}/{path}", token) for path in ("kuis?langkah=tes", "aset/app.css", "healthz")]
    # Markdown escapes many letters.
    all_of_it = b"\n".join(sent).decode("utf-8", "replace").replace("\\", "")
    return [mark for mark in marks(database) if mark in all_of_it], len(sent)


@pytest.mark.figure
def test_no_frame_or_body_holds_a_key_before_the_answer_is_locked(
    database: Database, cast: Any, tmp_path: Path
) -> None:
    found, sent = told(database, cast.tokens["sari"], tmp_path)
    name, all_marks = f"T20 wire {database.engine.dialect.name}", marks(database)
    kinds = f"{every_kind.SIZE} kinds of question"
    figure(name, len(found), len(all_marks), f"key markers found in {sent} frames and bodies of an attempt at {kinds}")
    assert found == []
    assert len(all_marks) > 50
    assert sent > 100


def test_control_explanations_sent_early_are_found(database: Database, cast: Any, tmp_path: Path) -> None:
    script = tmp_path / "leaking.py"
    script.write_text(LEAKING.format(root=str(ROOT), app=str(ROOT / "app.py")), "utf-8")
    found, _ = told(database, cast.tokens["sari"], tmp_path, script)
    reasons = [mark for mark in found if mark.startswith("Penanda alasan")]
    assert len(reasons) >= 20


def test_pairs_and_steps_are_stored_whole_or_not_at_all(database: Database, cast: Any, tmp_path: Path) -> None:
    with serving(database, tmp_path) as server:
        said = asyncio.run(half_filled(server, cast.tokens["sari"]))
    assert sorted(said) == [
        "Lengkapi semua isian dahulu, atau lewati soal ini.",
        "Lengkapi semua isian dahulu, atau lewati soal ini.",
        "Setiap nomor hanya dipakai sekali. Perbaiki urutannya, atau lewati soal ini.",
    ]
    with database.read() as t:
        rows = t.db.execute(select(response.c.position, response.c.sequence).order_by(response.c.id)).all()
    items = [tuple(row) for row in rows if row.position <= every_kind.ITEMS]
    assert items == [(position, 1) for position in range(1, every_kind.ITEMS + 1)]

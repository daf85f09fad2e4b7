"""No full garbage collection begins by itself."""

import asyncio
import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

from web import garbage, logs, startup


@pytest.fixture
def full() -> Iterator[list[int]]:
    """The full collections that begin during this test."""
    before, seen = gc.get_threshold(), list[int]()

    def note(phase: str, info: dict[str, Any]) -> None:
        if phase == "start" and info["generation"] == 2:
            seen.append(1)

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)
    gc.set_threshold(*before)
    gc.unfreeze()


def _much() -> list[list[int]]:
    return [[number] for number in range(2_000_000)]


def test_no_full_collection_begins_by_itself(full: list[int]) -> None:
    garbage.settle()
    full.clear()
    assert _much()
    assert full == []


def test_control_python_begins_some(full: list[int]) -> None:
    gc.freeze()
    assert _much()
    assert full


def test_the_start_settles_it_and_collects_from_then_on(full: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    # What else the start does to its process is not for the process of the tests.
    for module, name in ((startup, "_prepare"), (logs, "configure"), (os, "umask")):
        monkeypatch.setattr(module, name, lambda *_arguments: None)

    async def watches() -> set[str]:
        async with startup.lifespan(None):  # type: ignore[arg-type]
            return {task.get_coro().__qualname__ for task in asyncio.all_tasks()}  # type: ignore[union-attr]

    assert garbage.collect_at_times.__qualname__ in asyncio.run(watches())
    assert gc.get_threshold()[2] > 1_000_000

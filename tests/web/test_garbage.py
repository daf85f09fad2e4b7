"""No full garbage collection begins by itself."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from web import garbage


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

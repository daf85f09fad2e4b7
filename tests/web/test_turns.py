"""A bounded number of pages runs at once, and slow ones hold nobody up for long."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier, Event, Lock
from typing import Any

import pytest

from tests.web.conftest import AppAs
from web.turns import TURNS, Turns


def _most_at_once(turns: Turns, pages: int = 12) -> int:
    """Run pages that all begin together; return how many were seen inside at the same moment."""
    together, guard, inside, most = Barrier(pages), Lock(), [0], [0]

    def page(_number: int) -> None:
        together.wait()
        with turns.take():
            with guard:
                inside[0] += 1
                most[0] = max(most[0], inside[0])
            Event().wait(0.02)  # as a page waits for its database
            with guard:
                inside[0] -= 1

    with ThreadPoolExecutor(pages) as pool:
        list(pool.map(page, range(pages)))
    return most[0]


def test_only_a_few_pages_run_at_once() -> None:
    assert _most_at_once(Turns(3, patience=20)) == 3


def test_without_the_bound_all_run_at_once() -> None:
    assert _most_at_once(Turns(1000)) == 12


def test_pages_that_never_end_do_not_stop_the_others() -> None:
    turns = Turns(1, patience=0.01)
    with turns.take() as first, turns.take() as second:
        assert (first, second) == (True, False)
    # The one that ran without a place gives none back.
    with turns.take() as again, turns.take() as beside:
        assert (again, beside) == (True, False)


def test_a_page_that_fails_gives_its_place_back() -> None:
    turns = Turns(1, patience=0.01)
    for _ in range(3):
        try:
            with turns.take() as held:
                assert held
                raise LookupError
        except LookupError:
            pass


def test_every_page_takes_its_turn(cast: Any, app_as: AppAs, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    take = TURNS.take

    def noted() -> AbstractContextManager[bool]:
        taken.append(True)
        return take()

    monkeypatch.setattr(TURNS, "take", noted)
    app_as(cast.tokens["sari"]).run()
    assert taken

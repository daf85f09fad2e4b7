"""Whose page runs now: a few at once, so that a thousand people who answer do not hold each other up (decision 11)."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore

AT_ONCE = 4
PATIENCE_SECONDS = 0.25


class Turns:
    """Places for runs of pages. The interpreter runs one thread at a time: more only take it from each other."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE_SECONDS) -> None:
        self._places = Semaphore(at_once)
        self._patience = patience

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Wait for a place and hold it; yields whether there was one.

        Who has waited `patience` seconds runs without: pages that wait for a database hold nobody up for longer.
        """
        held = self._places.acquire(timeout=self._patience)
        try:
            yield held
        finally:
            if held:
                self._places.release()


TURNS = Turns()

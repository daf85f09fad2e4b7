"""Figures that tests print ("A of B …"), and how much they count: little in `make test`, all in `make figures`."""

import os

# Read at import: each test's own home clears the settings.
FULL = os.environ.get("SINETRAL_FULL") == "1"


def count(usual: int, full: int) -> int:
    """Return how often to repeat."""
    return full if FULL else usual


def figure(name: str, kept: int, asked: int, what: str) -> None:
    """Print one figure; `make figures` collects these lines in docs/figures.txt."""
    print(f"{name}: {kept} of {asked} {what}")  # noqa: T201

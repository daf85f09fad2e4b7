"""A programme of one step of each kind, cut from the shipped content: content may grow, these tests stay."""

from dataclasses import replace
from pathlib import Path

import pytest

from modules.catalog import Program
from quizzes.content import Library, load_library

KEPT = {"tes-awal", "berakhlak", "boleh-dan-tidak-boleh", "skenario-reuni", "kuis-akhir", "pakta", "sertifikat"}


@pytest.fixture(scope="session")
def library() -> Library:
    """All shipped content, with the short programme."""
    shipped = load_library(Path(__file__).parent.parent.parent)
    program = shipped.catalog.program("netralitas")
    steps = tuple(step for step in program.head.steps if step.id in KEPT)
    short = program.model_copy(update={"head": program.head.model_copy(update={"steps": steps})})
    return replace(shipped, catalog=shipped.catalog.model_copy(update={"programs": (short,)}))


@pytest.fixture(scope="session")
def program(library: Library) -> Program:
    """The short programme: pre-test, two modules, scenario, final quiz, pledge, certificate."""
    return library.catalog.program("netralitas")

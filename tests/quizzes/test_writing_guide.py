"""docs/writing-content.md says what the check does: its rules, and the cells that the law fills."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import get_args

from modules.catalog import Phase
from quizzes.content import Library

ROOT = Path(__file__).parent.parent.parent
GUIDE = (ROOT / "docs/writing-content.md").read_text("utf-8")
FOLDERS = ("modules", "quizzes", "quizzes/checking")
MAKERS = ("finding", "Finding", "Mistake", "one_finding", "refuse", "_warn")
RULE = re.compile(r"[a-z]+(-[a-z]+)*")


def cells() -> dict[tuple[str, str], str]:
    """Return the sign of each cell of the coverage table."""
    rows = [[cell.strip() for cell in row.strip("| ").split("|")] for row in GUIDE.splitlines() if "| ○" in row]
    return {(row[0], phase): sign for row in rows for phase, sign in zip(get_args(Phase), row[1:], strict=True)}


def told() -> set[str]:
    """Return the rules that the guide names."""
    rows = [row.split("|")[1] for row in GUIDE.split("## Rules")[1].splitlines() if row.startswith("| `")]
    return set(re.findall(r"`([a-z-]+)`", " ".join(rows)))


def made(path: Path) -> Iterator[str]:
    """Yield the rules that a file names: where it makes a finding, or before a message in a tuple."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in MAKERS:
            yield from (one for one in _texts(node.args) if RULE.fullmatch(one))
        elif isinstance(node, ast.Tuple):
            texts = list(_texts(node.elts))
            yield from (one for one, after in pairwise(texts) if RULE.fullmatch(one) and " " in after)


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "a message"


def test_cells_that_the_law_fills_have_scored_items(library: Library) -> None:
    asked = {(item.topic, item.phase) for item in library.bank.items if item.scored}
    assert {topic for topic, _ in cells()} == set(library.bank.labels.topics)
    assert [cell for cell, sign in cells().items() if sign == "●" and cell not in asked] == []


def test_every_topic_is_asked_in_every_type(library: Library) -> None:
    asked = {(item.topic, item.type) for item in library.bank.items if item.scored}
    kinds = ("single", "multiple", "true_false", "case")
    assert [(topic, kind) for topic in library.bank.labels.topics for kind in kinds if (topic, kind) not in asked] == []


def test_guide_names_every_rule_and_no_other() -> None:
    paths = [path for folder in FOLDERS for path in (ROOT / folder).glob("*.py")]
    assert {rule for path in paths for rule in made(path)} - {"error", "warning"} == told()

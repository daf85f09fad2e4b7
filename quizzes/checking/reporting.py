"""Runs every rule over all content and counts what is there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from modules.catalog import ModuleHead
from modules.laws import Registry
from modules.shelf import Shelf, without_collection
from modules.source import Finding
from quizzes.bank import coverage
from quizzes.checking.bases import touched_findings
from quizzes.checking.coverage import cell_findings, label_use_findings, table
from quizzes.checking.dates import date_findings
from quizzes.checking.duplicates import duplicate_findings
from quizzes.checking.files import read_names, unused_findings
from quizzes.checking.forms import balance, form_findings, form_quota_findings
from quizzes.checking.keys import key_findings
from quizzes.checking.options import option_findings, target_findings
from quizzes.checking.programs import (
    drawn_story_findings,
    final_story_findings,
    jp_findings,
    placeholder_notes,
    role_findings,
    step_findings,
)
from quizzes.checking.sentences import sentence_findings
from quizzes.content import content_findings, placed_items, read_library
from quizzes.scenarios import Scenario

Rule = Callable[[Shelf], Iterable[Finding]]
RULES: tuple[Rule, ...] = (
    drawn_story_findings,
    duplicate_findings,
    final_story_findings,
    form_findings,
    form_quota_findings,
    key_findings,
    option_findings,
    role_findings,
    sentence_findings,
    step_findings,
    target_findings,
    touched_findings,
)
# These say that nothing uses a thing: true only when every file could be read.
RULES_OF_USE: tuple[Rule, ...] = (cell_findings, label_use_findings, unused_findings)


@dataclass(frozen=True)
class Report:
    """Counts of the content, its coverage table, everything wrong with it, and what is still to be filled in."""

    counts: dict[str, Any]
    findings: list[Finding]
    table: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """Number of findings that make the content unfit for use."""
        return sum(finding.severity == "error" for finding in self.findings)


@without_collection()
def report(root: Path, *, today: date) -> Report:
    """Validate all content below `root`; counts and rules take in every file that can be read."""
    shelf = Shelf(root)
    library = read_library(shelf)
    read_names(shelf)
    findings = [*shelf.findings, *content_findings(shelf, library)]
    rules = RULES if library is None else RULES + RULES_OF_USE
    findings += [finding for rule in rules for finding in rule(shelf)]
    findings += date_findings(shelf, today)
    if library is not None:
        findings += jp_findings(shelf, library)
    return Report(_counts(shelf), sorted(findings), [*table(shelf), *balance(shelf)], [*placeholder_notes(shelf)])


def _counts(shelf: Shelf) -> dict[str, Any]:
    return {
        **coverage(tuple(item for _, _, item in placed_items(shelf))),
        "scenarios": sum(1 for _ in shelf.of(Scenario)),
        "branching": sum(len(scenario.nodes) > 1 for _, scenario in shelf.of(Scenario)),
        "modules": sum(1 for _ in shelf.of(ModuleHead)),
        "bases": sum(len(registry.bases) for _, registry in shelf.of(Registry)),
    }

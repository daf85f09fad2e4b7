"""What `check` says of all content: counts and findings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modules.catalog import ModuleHead
from modules.laws import Registry
from modules.shelf import Shelf
from modules.source import Finding
from quizzes.bank import coverage
from quizzes.content import content_findings, placed_items, read_library
from quizzes.scenarios import Scenario


@dataclass(frozen=True)
class Report:
    """Counts of the content and everything wrong with it."""

    counts: dict[str, Any]
    findings: list[Finding]

    @property
    def errors(self) -> int:
        """Number of findings that make the content unfit for use."""
        return sum(finding.severity == "error" for finding in self.findings)


def report(root: Path) -> Report:
    """Validate all content below `root`; the counts take in every file that can be read."""
    shelf = Shelf(root)
    library = read_library(shelf)
    findings = [*shelf.findings, *content_findings(shelf, library)]
    return Report(counts(shelf), sorted(findings))


def counts(shelf: Shelf) -> dict[str, Any]:
    """Count what can be read."""
    return {
        **coverage(tuple(item for _, _, item in placed_items(shelf))),
        "scenarios": sum(1 for _ in shelf.of(Scenario)),
        "branching": sum(len(scenario.nodes) > 1 for _, scenario in shelf.of(Scenario)),
        "modules": sum(1 for _ in shelf.of(ModuleHead)),
        "bases": sum(len(registry.bases) for _, registry in shelf.of(Registry)),
    }

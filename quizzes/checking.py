"""What `check` says of all content: counts and findings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modules.source import ContentError, Finding
from quizzes.bank import coverage
from quizzes.content import cross_findings, load_library


@dataclass(frozen=True)
class Report:
    """Counts of the content and everything wrong with it."""

    counts: dict[str, Any]
    findings: list[Finding]


def report(root: Path) -> Report:
    """Validate all content below `root`; counts are empty while it cannot be read."""
    try:
        library = load_library(root)
    except ContentError as error:
        return Report({}, error.findings)
    programs = library.catalog.programs
    counts = {
        **coverage(library.bank.items),
        "scenarios": len(library.scenarios),
        "branching": sum(len(scenario.nodes) > 1 for scenario in library.scenarios.values()),
        "modules": sum(len(program.modules) for program in programs),
        "bases": len(library.catalog.registry.bases),
    }
    return Report(counts, cross_findings(library))

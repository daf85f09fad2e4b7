"""All content of the product, read together and checked against itself."""

from dataclasses import dataclass
from pathlib import Path

from modules.catalog import Catalog
from modules.loading import load_catalog
from modules.source import ContentError, Finding
from quizzes.bank import Bank, load_bank
from quizzes.drawing import Quiz, load_quizzes
from quizzes.scenarios import Scenario, load_scenarios


@dataclass(frozen=True)
class Library:
    """Programmes, bank, quizzes (by programme and id) and scenarios."""

    catalog: Catalog
    bank: Bank
    quizzes: dict[str, dict[str, Quiz]]
    scenarios: dict[str, Scenario]

    def quiz(self, program_id: str, quiz_id: str) -> Quiz:
        """Return a quiz of a programme. Raises KeyError."""
        return self.quizzes[program_id][quiz_id]


def load_library(root: Path) -> Library:
    """Read all content below `root`. Raises ContentError with every finding."""
    catalog = load_catalog(root)
    bank = load_bank(root, catalog.registry)
    quizzes = {program.id: load_quizzes(root, program.id) for program in catalog.programs}
    library = Library(catalog, bank, quizzes, load_scenarios(root, catalog.registry))
    errors = [finding for finding in cross_findings(library) if finding.severity == "error"]
    if errors:
        raise ContentError(errors)
    return library


def cross_findings(library: Library) -> list[Finding]:
    """Find references between rooms that lead nowhere: steps, sections to reread, quotas."""
    findings = []
    for program in library.catalog.programs:
        file = f"modules/content/{program.id}/program.yaml"
        quizzes = library.quizzes[program.id]
        for step in program.head.steps:
            known = {"quiz": set(quizzes), "scenario": set(library.scenarios)}.get(step.kind, {step.ref})
            if step.ref not in known:
                message = f"Langkah {step.id} menyebut {step.ref}, yang tidak ada."
                findings.append(Finding(file, 1, 1, "error", "step-ref", message, "Perbaiki ref langkah itu."))
        for quiz in quizzes.values():
            findings += _quota_findings(quiz, library.bank, f"quizzes/content/{program.id}/quizzes.yaml")
        for name in sorted(set(quizzes) & set(library.scenarios)):
            # Attempts carry one of the two names.
            message = f"{name} adalah nama kuis dan juga nama skenario."
            findings.append(Finding(file, 1, 1, "error", "quiz-name", message, "Beri nama lain pada salah satunya."))
    return findings + _section_findings(library)


def _quota_findings(quiz: Quiz, bank: Bank, file: str) -> list[Finding]:
    findings = []
    for quota in quiz.quotas:
        have = sum(item.scored and item.topic == quota.topic for item in bank.items)
        if have < quota.count:
            message = f"Kuis {quiz.id} meminta {quota.count} soal {quota.topic}; bank memuat {have}."
            findings.append(Finding(file, 1, 1, "error", "quota", message, "Tambah soal atau kecilkan kuotanya."))
    return findings


def _section_findings(library: Library) -> list[Finding]:
    sections = {
        f"{module.id}/{section.id}"
        for program in library.catalog.programs
        for module in program.modules
        for section in module.sections
    }
    return [
        Finding(f"quizzes/content/bank/{item.topic}.yaml", 1, 1, "warning", "section-ref", message, "Perbaiki section.")
        for item in library.bank.items
        if item.section not in sections
        and (message := f"Soal {item.id} menyebut bagian {item.section}, yang tidak ada.")
    ]

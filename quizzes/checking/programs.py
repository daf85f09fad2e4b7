"""Rules for the steps of a programme: who gets a certificate has passed and pledged before."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from modules.catalog import ProgramHead
from modules.shelf import Shelf
from modules.source import Finding, Source
from quizzes.drawing import Quizzes


def step_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield steps that share a name or stand in the wrong order."""
    passing = {
        PurePosixPath(source.file).parent.name: {quiz.id for quiz in file.quizzes if quiz.pass_mark is not None}
        for source, file in shelf.of(Quizzes)
    }
    for source, head in shelf.of(ProgramHead):
        yield from _name_findings(source, head)
        program = PurePosixPath(source.file).parent.name
        if program in passing:
            yield from _order_findings(source, head, passing[program])


def _name_findings(source: Source, head: ProgramHead) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, step in enumerate(head.steps):
        if step.id in seen:
            message = f"Langkah {step.id} tertulis dua kali."
            yield source.finding(("steps", number, "id"), "step-id", message, "Beri nama lain pada salah satunya.")
        seen.add(step.id)


def _order_findings(source: Source, head: ProgramHead, passing: set[str]) -> Iterator[Finding]:
    passed = pledged = False
    for number, step in enumerate(head.steps):
        message = ""
        if step.kind == "certificate" and number < len(head.steps) - 1:
            message = "Langkah sertifikat harus paling akhir."
        elif step.kind == "certificate" and not pledged:
            message = "Sebelum sertifikat harus ada langkah pakta integritas."
        elif step.kind == "pledge" and not passed:
            message = "Sebelum pakta integritas harus ada kuis dengan nilai kelulusan."
        if message:
            yield source.finding(("steps", number), "step-order", message, "Susun ulang langkahnya.")
        passed = passed or (step.kind == "quiz" and step.ref in passing)
        pledged = pledged or step.kind == "pledge"

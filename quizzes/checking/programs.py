"""Rules for the steps of a programme: who gets a certificate has passed and pledged before; a role changes no score."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from modules.catalog import ProgramHead
from modules.shelf import Shelf
from modules.source import Finding, Source
from quizzes.drawing import Quizzes
from quizzes.scenarios import Scenario


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


def role_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield scenarios told by role whose variants differ in what they measure: a role must change no score."""
    scenarios = {scenario.id: (source, scenario) for source, scenario in shelf.of(Scenario)}
    for _, head in shelf.of(ProgramHead):
        for step in head.steps:
            names = [(role.id, step.variant(role.id)) for role in head.roles if step.by_role]
            yield from _variant_findings([(role, *scenarios[name]) for role, name in names if name in scenarios])


def _variant_findings(told: list[tuple[str, Source, Scenario]]) -> Iterator[Finding]:
    for role_id, source, scenario in told:
        if scenario.role != role_id:
            message = f"Skenario {scenario.id} harus menyebut role: {role_id}."
            yield source.finding(("role",), "role-variant", message, "Perbaiki role atau nama berkasnya.")
        if not scenario.objective:
            message = f"Skenario {scenario.id} belum menyebut objective."
            yield source.finding(("title",), "role-variant", message, "Tulis objective yang sama pada setiap peran.")
        first = told[0][2]
        for aspect in ("objective", "maximum", "phase"):
            if getattr(scenario, aspect) != getattr(first, aspect):
                message = f"Isian {aspect} berbeda dari {first.id}, padahal peran tidak boleh mengubah penilaian."
                yield source.finding((aspect,), "role-variant", message, "Samakan pada semua peran.")

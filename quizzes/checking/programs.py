"""Rules for a programme: a certificate needs pass, pledge and an issuer of one's own; a role changes no score."""

from collections.abc import Iterator, Set
from pathlib import PurePosixPath

from modules.catalog import ProgramHead, Step
from modules.shelf import Shelf
from modules.source import Finding, Source
from quizzes.content import Library
from quizzes.drawing import Quiz, Quizzes
from quizzes.scenarios import Scenario


def step_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield steps that share a name or stand in the wrong order."""
    passing = {
        PurePosixPath(source.file).parent.name: {quiz.id: quiz.pass_mark is not None for quiz in file.quizzes}
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


def _order_findings(source: Source, head: ProgramHead, passing: dict[str, bool]) -> Iterator[Finding]:
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
        passed = passed or (step.kind == "quiz" and passing.get(step.ref, False))
        pledged = pledged or step.kind == "pledge"
    last = next((one for one in reversed(list(enumerate(head.steps))) if one[1].kind == "quiz"), None)
    # Where no quiz at all can be passed, the order of the steps says so already.
    if last and passed and passing.get(last[1].ref) is False:
        message = f"Kuis terakhir {last[1].ref} tidak memiliki nilai kelulusan, sehingga tidak ada yang bersertifikat."
        yield source.finding(("steps", last[0], "ref"), "last-quiz", message, "Tulis pass_mark pada kuis itu.")


def jp_findings(shelf: Shelf, library: Library) -> Iterator[Finding]:
    """Yield programmes whose certificate promises more lesson hours than the steps take."""
    for program in library.catalog.programs:
        promised = program.jp * program.head.minutes_per_jp
        if program.minutes < promised:
            source = shelf.source(f"modules/content/{program.id}/program.yaml")
            message = f"Sertifikat menjanjikan {program.jp} JP ({promised} menit); langkahnya {program.minutes} menit."
            mend = "Kurangi jp atau tambah bahan; jangan menulis minutes yang tidak jujur."
            yield source.finding(("materials",), "jp-minutes", message, mend)


def drawn_story_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield scenarios that a quiz draws although a step tells them: whoever walked the step knows what is right."""
    told = {
        step.variant(role) for _, head in shelf.of(ProgramHead) for step in head.steps for role in _roles(head, step)
    }
    for source, file in shelf.of(Quizzes):
        for number, quiz in enumerate(file.quizzes):
            for at, name in enumerate(quiz.scenarios.among if quiz.scenarios else ()):
                if name in told:
                    message = f"Skenario {name} juga diceritakan oleh sebuah langkah."
                    place = ("quizzes", number, "scenarios", "among", at)
                    yield source.finding(place, "scenario-told", message, "Pilih skenario lain untuk kuis itu.")


def final_story_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield programmes with a certificate whose last quiz may come without a branching scenario.

    A quiz by stage is a refresher of a few items and draws none (decision 9).
    """
    linear = {scenario.id for _, scenario in shelf.of(Scenario) if len(scenario.nodes) == 1}
    for source, head in shelf.of(ProgramHead):
        last = next((step.ref for step in reversed(head.steps) if step.kind == "quiz"), "")
        if any(step.kind == "certificate" for step in head.steps):
            program = PurePosixPath(source.file).parent.name
            for file_source, number, quiz in _quizzes(shelf, program):
                if quiz.id == last and quiz.stage is None and not _tells_branching(quiz, linear):
                    message = f"Kuis terakhir {last} dapat berlangsung tanpa skenario bercabang."
                    place = ("quizzes", number, "scenarios" if quiz.scenarios else "id")
                    mend = "Tulis scenarios dengan skenario yang memuat lebih dari satu keputusan."
                    yield file_source.finding(place, "final-story", message, mend, "warning")


def _quizzes(shelf: Shelf, program: str) -> Iterator[tuple[Source, int, Quiz]]:
    for source, file in shelf.of(Quizzes):
        if PurePosixPath(source.file).parent.name == program:
            yield from ((source, number, quiz) for number, quiz in enumerate(file.quizzes))


def _tells_branching(quiz: Quiz, linear: Set[str]) -> bool:
    """True when whatever the quiz draws holds a branching scenario."""
    return quiz.scenarios is not None and len(linear & set(quiz.scenarios.among)) < quiz.scenarios.count


def _roles(head: ProgramHead, step: Step) -> list[str]:
    if step.kind != "scenario":
        return []
    return [role.id for role in head.roles] if step.by_role else [""]


def placeholder_notes(shelf: Shelf) -> Iterator[str]:
    """Tell of programmes whose certificates would bear the shipped example's issuer or signatory: none is issued."""
    for source, head in shelf.of(ProgramHead):
        if head.issuer.placeholder or head.signatory.placeholder:
            yield (
                f"{source.file}: penerbit atau penanda tangan masih contoh; tidak ada sertifikat yang terbit untuk "
                "pegawai nyata. Isi issuer dan signatory, lalu hapus baris placeholder."
            )


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

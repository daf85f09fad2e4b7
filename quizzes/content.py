"""All content of the product, read together; references between the rooms must lead somewhere."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from modules.catalog import Catalog, Program, ProgramHead, Step
from modules.loading import catalog_findings, read_catalog, sound
from modules.shelf import Shelf, without_collection
from modules.source import Finding, Source
from quizzes.bank import Bank, Item, Items, Labels
from quizzes.drawing import Quiz, Quizzes
from quizzes.scenarios import Scenario

LABELS = "quizzes/content/labels.yaml"


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


@without_collection()
def load_library(root: Path) -> Library:
    """Read all content below `root`. Raises ContentError with every finding."""
    shelf = Shelf(root)
    library = read_library(shelf)
    return sound(library, [*shelf.findings, *content_findings(shelf, library)])


def read_library(shelf: Shelf) -> Library | None:
    """Read every file; None when a part cannot be used, and then the shelf's findings say why."""
    catalog = read_catalog(shelf)
    labels = shelf.yaml(LABELS, Labels)
    bank = [shelf.yaml(name, Items) for name in shelf.names("quizzes/content/bank/*.yaml")]
    scenarios = {
        stem: shelf.yaml(name, Scenario, id=stem)
        for name in shelf.names("quizzes/content/scenarios/*.yaml")
        if (stem := PurePosixPath(name).stem)
    }
    heads = [PurePosixPath(source.file).parent.name for source, _ in shelf.of(ProgramHead)]
    quizzes = {program: shelf.yaml(f"quizzes/content/{program}/quizzes.yaml", Quizzes) for program in heads}
    if catalog is None or labels is None or None in (*bank, *scenarios.values(), *quizzes.values()):
        return None
    return Library(
        catalog,
        Bank(labels=labels, items=tuple(item for file in bank if file for item in file.items)),
        {program: {quiz.id: quiz for quiz in file.quizzes} for program, file in quizzes.items() if file},
        {name: scenario for name, scenario in scenarios.items() if scenario},
    )


def content_findings(shelf: Shelf, library: Library | None) -> list[Finding]:
    """Find references that lead nowhere. Those between rooms are looked at once every file can be used."""
    findings = [*catalog_findings(shelf), *item_id_findings(shelf), *label_findings(shelf), *quiz_id_findings(shelf)]
    if library is not None:
        for program in library.catalog.programs:
            findings += _program_findings(shelf, library, program)
        findings += _reread_findings(shelf, library)
    return findings


def placed_items(shelf: Shelf) -> Iterator[tuple[Source, int, Item]]:
    """Yield every item with its file and its number there."""
    for source, file in shelf.of(Items):
        for number, item in enumerate(file.items):
            yield source, number, item


def item_id_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield every item whose id is taken; an id is the item's name for ever."""
    first: dict[str, tuple[Source, int]] = {}
    for source, number, item in placed_items(shelf):
        taken, at = first.setdefault(item.id, (source, number))
        if taken is not source or at != number:
            line, _ = taken.position(("items", at, "id"))
            message = f"Id soal {item.id} sudah dipakai di {taken.file}:{line}."
            yield source.finding(("items", number, "id"), "item-id", message, "Beri id lain.")


def label_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield items whose topic or misconception is not defined, and tags defined twice."""
    for labels_source, labels in shelf.of(Labels):
        tags = {one.id for one in labels.misconceptions}
        for number, one in enumerate(labels.misconceptions):
            if one.id in [other.id for other in labels.misconceptions[:number]]:
                message = f"Miskonsepsi {one.id} tertulis dua kali."
                at = ("misconceptions", number, "id")
                yield labels_source.finding(at, "misconception-id", message, "Sisakan satu saja.")
        for source, number, item in placed_items(shelf):
            if item.topic not in labels.topics:
                message = f"Topik {item.topic} tidak dikenal."
                yield source.finding(("items", number, "topic"), "topic-unknown", message, "Tambahkan ke labels.yaml.")
            for index, option in enumerate(item.options):
                if option.misconception and option.misconception not in tags:
                    message = f"Miskonsepsi {option.misconception} tidak dikenal."
                    place = ("items", number, "options", index, "misconception")
                    yield source.finding(place, "misconception-unknown", message, "Tambahkan ke labels.yaml.")


def quiz_id_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield quizzes that share a name, also of two programmes, and quizzes named like a scenario."""
    scenarios = {scenario.id for _, scenario in shelf.of(Scenario)}
    seen: set[str] = set()
    for source, file in shelf.of(Quizzes):
        for number, quiz in enumerate(file.quizzes):
            # Attempts and screens carry the name alone: it must tell which one is meant.
            if quiz.id in seen | scenarios:
                message = f"Nama {quiz.id} sudah dipakai oleh kuis atau skenario lain."
                yield source.finding(("quizzes", number, "id"), "quiz-name", message, "Beri nama lain.")
            seen.add(quiz.id)


def _program_findings(shelf: Shelf, library: Library, program: Program) -> Iterator[Finding]:
    source = shelf.source(f"modules/content/{program.id}/program.yaml")
    quizzes = library.quizzes[program.id]
    for number, step in enumerate(program.head.steps):
        if not _leads_somewhere(program, step, quizzes, library):
            message = f"Langkah {step.id} menyebut {step.ref or 'isi kosong'}, yang tidak ada."
            yield source.finding(("steps", number, "ref"), "step-ref", message, "Perbaiki ref langkah itu.")
    source = shelf.source(f"quizzes/content/{program.id}/quizzes.yaml")
    scored = Counter(item.topic for item in library.bank.items if item.scored)
    phases = Counter(item.phase for item in library.bank.items if item.scored)
    for number, quiz in enumerate(quizzes.values()):
        for at, quota in enumerate(quiz.quotas):
            if (have := scored[quota.topic]) < quota.count:
                message = f"Kuis {quiz.id} meminta {quota.count} soal {quota.topic}; bank memuat {have}."
                place = ("quizzes", number, "quotas", at)
                yield source.finding(place, "quota", message, "Tambah soal atau kecilkan kuotanya.")
        if quiz.scenarios:
            yield from _story_findings(source, number, quiz, library)
        if quiz.stage and (have := sum(phases[phase] for phase in quiz.stage.phases)) < quiz.stage.count:
            message = f"Kuis {quiz.id} meminta {quiz.stage.count} soal tahapan itu; bank memuat {have}."
            yield source.finding(("quizzes", number, "stage"), "quota", message, "Tambah soal atau kecilkan kuotanya.")


def _story_findings(source: Source, number: int, quiz: Quiz, library: Library) -> Iterator[Finding]:
    told = quiz.scenarios.among if quiz.scenarios else ()
    for at, name in enumerate(told):
        place = ("quizzes", number, "scenarios", "among", at)
        if name not in library.scenarios:
            message = f"Kuis {quiz.id} menyebut skenario {name}, yang tidak ada."
            yield source.finding(place, "scenario-ref", message, "Perbaiki nama skenario itu.")
        elif name in told[:at]:
            message = f"Skenario {name} tertulis dua kali."
            yield source.finding(place, "scenario-ref", message, "Sisakan satu saja.")
    if quiz.scenarios and len(set(told)) < quiz.scenarios.count:
        message = f"Kuis {quiz.id} meminta {quiz.scenarios.count} skenario; among memuat {len(set(told))}."
        mend = "Tambah skenario atau kecilkan count."
        yield source.finding(("quizzes", number, "scenarios", "count"), "quota", message, mend)


def _leads_somewhere(program: Program, step: Step, quizzes: dict[str, Quiz], library: Library) -> bool:
    if step.kind == "quiz":
        return step.ref in quizzes
    told = program.scenarios(step)
    return step.kind != "scenario" or (bool(told) and all(name in library.scenarios for name in told))


def _reread_findings(shelf: Shelf, library: Library) -> Iterator[Finding]:
    sections = {
        f"{module.id}/{section.id}"
        for program in library.catalog.programs
        for module in program.modules
        for section in module.sections
    }
    for source, number, item in placed_items(shelf):
        if item.section not in sections:
            message = f"Soal {item.id} menyebut bagian {item.section}, yang tidak ada."
            yield source.finding(("items", number, "section"), "section-ref", message, "Perbaiki section.")

"""What a change of law touches: for every cited basis that is unknown, revoked or replaced, all that rests on it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from modules.catalog import ProgramHead, Rules, Section, Sorting
from modules.laws import Registry, refusal, unfit_citations
from modules.shelf import Shelf
from modules.source import Finding
from quizzes.bank import Items
from quizzes.drawing import Quizzes
from quizzes.scenarios import Scenario


@dataclass
class Touched:
    """Names of what cites one basis, by kind, in the order of the files."""

    soal: dict[str, None] = field(default_factory=dict)
    bagian: dict[str, None] = field(default_factory=dict)
    modul: dict[str, None] = field(default_factory=dict)
    skenario: dict[str, None] = field(default_factory=dict)
    program: dict[str, None] = field(default_factory=dict)

    def __str__(self) -> str:
        named = ((kind, list(names)) for kind, names in vars(self).items())
        return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in named if names)


def touched_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield one finding for every cited basis that is unfit, at its entry in the registry, with all it touches."""
    for source, registry in shelf.of(Registry):
        numbers = {basis.id: number for number, basis in enumerate(registry.bases)}
        for basis_id, touched in _touched(shelf, registry).items():
            number = numbers.get(basis_id)
            place = ("bases",) if number is None else ("bases", number, "id")
            _, message, mend = refusal(registry, basis_id)
            yield source.finding(place, "basis-touched", f"{message} Yang terkena: {touched}.", mend)


def _touched(shelf: Shelf, registry: Registry) -> dict[str, Touched]:
    touched: dict[str, Touched] = defaultdict(Touched)
    drawn, told = _programs_by_draw(shelf), _programs_by_scenario(shelf)
    for source, _ in (*shelf.of(Section), *shelf.of(Sorting), *shelf.of(Rules)):
        module = PurePosixPath(source.file).parent
        for _, basis_id in unfit_citations(registry, source):
            one = touched[basis_id]
            one.bagian[f"{module.name}/{PurePosixPath(source.file).stem}"] = None
            one.modul[module.name] = one.program[module.parent.name] = None
    for source, scenario in shelf.of(Scenario):
        for _, basis_id in unfit_citations(registry, source):
            touched[basis_id].skenario[scenario.id] = None
            touched[basis_id].program |= told.get(scenario.id, {})
    for source, file in shelf.of(Items):
        for place, basis_id in unfit_citations(registry, source):
            item = file.items[int(place[1])]
            touched[basis_id].soal[item.id] = None
            touched[basis_id].program |= drawn.get(item.topic, {}) | drawn.get(item.phase, {})
    return touched


def _programs_by_draw(shelf: Shelf) -> dict[str, dict[str, None]]:
    """Return for each topic and each phase the programmes whose quizzes draw by it."""
    found: dict[str, dict[str, None]] = {}
    for source, file in shelf.of(Quizzes):
        for quiz in file.quizzes:
            asked = (*(quota.topic for quota in quiz.quotas), *(quiz.stage.phases if quiz.stage else ()))
            for name in asked:
                found.setdefault(name, {})[PurePosixPath(source.file).parent.name] = None
    return found


def _programs_by_scenario(shelf: Shelf) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for source, head in shelf.of(ProgramHead):
        for step in head.steps:
            if step.kind == "scenario":
                for name in [step.variant(role.id) for role in head.roles] if step.by_role else [step.ref]:
                    found.setdefault(name, {})[PurePosixPath(source.file).parent.name] = None
    for source, file in shelf.of(Quizzes):
        for name in (name for quiz in file.quizzes if quiz.scenarios for name in quiz.scenarios.among):
            found.setdefault(name, {})[PurePosixPath(source.file).parent.name] = None
    return found

"""What a person learns from a closed attempt: the result, weak topics, and each question with what may be shown."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row

from modules.catalog import Program
from modules.laws import Registry
from people.roles import Actor
from quizzes import grading, sheets, store, stories
from quizzes.attempts import LARGEST, NotYours
from quizzes.bank import Item
from quizzes.content import Library
from quizzes.grading import Verdict
from quizzes.runs import Crossing, crossing
from quizzes.scenarios import Ending
from quizzes.sheets import Confidence


@dataclass(frozen=True)
class Citation:
    """A basis in words, with the caveat that must stand beside it."""

    words: str
    caveat: str


@dataclass(frozen=True)
class Reading:
    """A section to reread, in whichever programme; `title` is empty when the section is no longer there."""

    program_id: str
    module_id: str
    section_id: str
    title: str


@dataclass(frozen=True)
class Explained:
    """An option that was chosen or belongs to the key, with its explanation."""

    text: str
    chosen: bool
    right: bool
    why: str
    basis: tuple[Citation, ...]


@dataclass(frozen=True)
class Part:
    """One pair or step afterwards: what was asked, what was given (empty when unanswered), what fits, and why.

    For a step, `given` and `answer` are its places in the order.
    """

    asked: str
    given: str
    answer: str
    why: str
    basis: tuple[Citation, ...]


@dataclass(frozen=True)
class Told:
    """A scenario afterwards: each decision with its consequence, how the story ended, and what to take along."""

    crossings: tuple[Crossing, ...]
    citations: tuple[tuple[Citation, ...], ...]
    ending: Ending | None
    lesson: str


@dataclass(frozen=True)
class Reviewed:
    """One question afterwards; `parts` instead of `explained` where pairs or steps were asked, `told` for a scenario.

    While the key is withheld these are empty and `verdict` may be None. `chosen` is the own answer in words.
    """

    position: int
    topic: str
    stem: str
    verdict: Verdict | None
    chosen: tuple[str, ...]
    reading: Reading
    explained: tuple[Explained, ...] = ()
    parts: tuple[Part, ...] = ()
    confidence: Confidence | None = None
    told: Told | None = None


@dataclass(frozen=True)
class WeakTopic:
    """A topic in which marks were lost, with the sections of the questions concerned.

    `sure` tells that one of them was answered with confidence: what one is wrongly sure of is read first.
    """

    name: str
    right: int
    total: int
    readings: tuple[Reading, ...]
    sure: bool = False


@dataclass(frozen=True)
class Result:
    """A closed attempt. `complete` tells whether right options are shown; weak topics always are."""

    attempt_id: int
    quiz_id: str
    number: int
    state: str
    score: int
    passed: bool | None
    pass_mark: int | None
    started_at: datetime
    closed_at: datetime
    right: int
    complete: bool
    as_of: date
    weak: tuple[WeakTopic, ...]
    questions: tuple[Reviewed, ...]


@dataclass(frozen=True)
class _Marked:
    position: int
    item: Item
    chosen: tuple[int, ...]
    mark: Fraction
    confidence: Confidence | None


def result(db: Connection, *, actor: Actor, library: Library, program: Program, attempt_id: int) -> Result | None:
    """Return the review of a closed attempt of this person, or None while it is open. Raises NotYours.

    After a fail the right options stay on the server, since the same items may come again once the others are used
    up: no explanation, no citation, and no verdict where there are only two options, because there "belum tepat"
    names the other one. Weak topics are told all the same; a single two-option item of a topic shows through them.
    What guards the key is the draw: a new try brings other items first (`history.missed_items`).
    """
    known = 0 < attempt_id <= LARGEST
    attempt = store.own_attempt(db, attempt_id, actor.person_id) if known else None
    if attempt is None or attempt.kind != "quiz" or attempt.program_id != program.id:
        raise NotYours
    if attempt.state == "open":
        return None
    rows = store.paper(db, attempt_id)
    marked = [_marked(row) for row in rows if row.part == "item"]
    complete = attempt.passed is not False
    items = [_reviewed(one, library, program, complete=complete) for one in marked]
    told = [_told(row, library.catalog.registry, complete=complete) for row in rows if row.part == "scenario"]
    return Result(
        attempt_id=attempt.id,
        quiz_id=attempt.quiz_id,
        number=attempt.number,
        state=attempt.state,
        score=attempt.score,
        passed=attempt.passed,
        pass_mark=attempt.pass_mark,
        started_at=attempt.started_at,
        closed_at=attempt.closed_at,
        right=sum(sheets.mark(row) == 1 for row in rows),
        complete=complete,
        as_of=library.catalog.registry.as_of,
        weak=_weak(marked, library, program, complete=complete),
        questions=tuple(sorted((*items, *told), key=attrgetter("position"))),
    )


def last_closed(db: Connection, *, actor: Actor, program: Program) -> int | None:
    """Return the id of the quiz attempt that this person closed last."""
    closed = [row for row in store.attempts_of(db, actor.person_id, program.id) if row.kind == "quiz" and row.closed_at]
    return max(closed, key=lambda row: row.closed_at).id if closed else None


def _marked(row: Row[*tuple[Any, ...]]) -> _Marked:
    item = sheets.item_of(row.content)
    chosen = sheets.chosen_numbers(row.option_order, row.choice or "")
    return _Marked(row.position, item, chosen, grading.points(item, chosen), row.confidence)


def _weak(marked: list[_Marked], library: Library, program: Program, *, complete: bool) -> tuple[WeakTopic, ...]:
    topics: dict[str, list[_Marked]] = {}
    for one in marked:
        topics.setdefault(one.item.topic, []).append(one)
    found = []
    for topic, ones in topics.items():
        lost = [one for one in ones if one.mark < 1]
        if lost:
            readings = tuple(dict.fromkeys(_reading(one.item, library, program, complete=complete) for one in lost))
            sure = any(one.confidence == "sure" and _verdict(one, complete=complete) for one in lost)
            found.append(WeakTopic(_topic(topic, library), len(ones) - len(lost), len(ones), readings, sure))
    return tuple(sorted(found, key=lambda weak: (not weak.sure, weak.right - weak.total)))


def _verdict(one: _Marked, *, complete: bool) -> Verdict | None:
    """Return the verdict, but not while it would name the one other option."""
    told = complete or len(one.item.answers) > 2 or not one.chosen
    return grading.verdict(one.item, one.chosen) if told else None


def _reviewed(one: _Marked, library: Library, program: Program, *, complete: bool) -> Reviewed:
    item = one.item
    shown = Reviewed(
        position=one.position,
        topic=_topic(item.topic, library),
        stem=item.stem,
        verdict=_verdict(one, complete=complete),
        chosen=_in_words(item, one.chosen),
        reading=_reading(item, library, program, complete=complete),
        confidence=one.confidence,
    )
    if not complete:
        return shown
    registry = library.catalog.registry
    return replace(shown, explained=_explained(one, registry), parts=tuple(_parts(one, registry)))


def _told(row: Row[*tuple[Any, ...]], registry: Registry, *, complete: bool) -> Reviewed:
    scenario, choice = stories.scenario_of(row.content), sheets.choice_of(row.choice)
    run = stories.standing(scenario, row.option_order, choice)
    crossings = tuple(crossing(scenario, node_id, choice_id) for node_id, choice_id in run.path)
    cited = tuple(_cited(one.basis, registry) for one in crossings)
    return Reviewed(
        position=row.position,
        topic="Skenario",
        stem=scenario.title,
        verdict=grading.word(sheets.mark(row)) if run.finished else "unanswered",
        chosen=tuple(f"{one.title}: {one.chosen}" for one in crossings),
        reading=Reading("", "", "", ""),
        told=Told(crossings, cited, scenario.endings.get(run.at), scenario.lesson) if complete else None,
    )


def _in_words(item: Item, chosen: tuple[int, ...]) -> tuple[str, ...]:
    if item.pairs:
        return tuple(f"{pair.left} → {item.targets[number]}" for pair, number in zip(item.pairs, chosen, strict=False))
    numbers = chosen if item.steps else sorted(chosen)
    return tuple(item.answers[number] for number in numbers)


def _explained(one: _Marked, registry: Registry) -> tuple[Explained, ...]:
    """Return the chosen options first, then the rest of the key."""
    told = [
        Explained(option.text, number in one.chosen, option.correct, option.why, _cited(option.basis, registry))
        for number, option in enumerate(one.item.options)
        if option.correct or number in one.chosen
    ]
    return tuple(sorted(told, key=lambda option: not option.chosen))


def _parts(one: _Marked, registry: Registry) -> Iterator[Part]:
    """Yield pairs as they were asked, steps in their right order."""
    item, chosen = one.item, one.chosen
    for number, pair in enumerate(item.pairs):
        given = item.targets[chosen[number]] if chosen else ""
        yield Part(pair.left, given, pair.right, pair.why, _cited(pair.basis, registry))
    for number, step in enumerate(item.steps):
        given = f"urutan {chosen.index(number) + 1}" if chosen else ""
        yield Part(step.text, given, f"urutan {number + 1}", step.why, _cited(step.basis, registry))


def _cited(basis: tuple[str, ...], registry: Registry) -> tuple[Citation, ...]:
    return tuple(Citation(registry[one].citation, registry[one].caveat) for one in basis if one in registry)


def _topic(topic: str, library: Library) -> str:
    return library.bank.labels.topics.get(topic, topic)


def _reading(item: Item, library: Library, program: Program, *, complete: bool) -> Reading:
    module_id, section_id = item.section.split("/")
    # One bank serves all programmes: what a refresher asks may be read in the main programme.
    programs = [program, *(one for one in library.catalog.programs if one.id != program.id)]
    places = [(one.id, module) for one in programs for module in one.modules if module.id == module_id]
    program_id, module = places[0] if places else ("", None)
    section = next((one for one in module.sections if one.id == section_id), None) if module else None
    if module is None or section is None:
        return Reading("", module_id, section_id, "")
    if not complete and section.title in item.answers:
        # Where options are names of sections, the section to reread would be the answer.
        section = module.sections[0]
    return Reading(program_id, module_id, section.id, section.title)

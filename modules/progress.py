"""A person's progress through the modules of a programme."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from modules import store
from modules.catalog import Module, Program, Ruling


@dataclass(frozen=True)
class Reading:
    """What a person has done in the modules of one programme."""

    opened: frozenset[tuple[str, str]]
    completed: frozenset[tuple[str, str]]
    cards: frozenset[tuple[str, str]]

    def sections_done(self, module: Module) -> int:
        """Number of the module's sections that are done."""
        return sum((module.id, section.id) in self.completed for section in module.sections)

    def cards_done(self, module: Module) -> int:
        """Number of the module's cards that were answered at least once."""
        cards = module.sorting.cards if module.sorting else ()
        return sum((module.id, card.id) in self.cards for card in cards)

    def done(self, module: Module) -> bool:
        """A module is done when every section's check is answered and every card was sorted once."""
        cards = len(module.sorting.cards) if module.sorting else 0
        return self.sections_done(module) == len(module.sections) and self.cards_done(module) == cards

    def minutes_left(self, module: Module) -> float:
        """Reading time of what is not done yet, cards at ten seconds each."""
        cards = len(module.sorting.cards) if module.sorting else 0
        unread = (section for section in module.sections if (module.id, section.id) not in self.completed)
        return sum(section.minutes for section in unread) + (cards - self.cards_done(module)) / 6


@dataclass(frozen=True)
class Place:
    """Where a person was last: a step, within a module the section, and when."""

    step_id: str
    detail: str
    at: datetime


def reading(db: Connection, *, person_id: int, program: Program) -> Reading:
    """Return what a person has done in a programme's modules."""
    rows = list(store.sections_of(db, person_id, program.id))
    return Reading(
        opened=frozenset((row.module_id, row.section_id) for row in rows),
        completed=frozenset((row.module_id, row.section_id) for row in rows if row.completed_at),
        cards=frozenset((row.module_id, row.card_id) for row in store.cards_of(db, person_id, program.id)),
    )


def open_section(
    db: Connection, *, person_id: int, program: Program, step_id: str, section_id: str, now: datetime
) -> int | None:
    """Note that a section is open and that the person is there; return the choice last given at its check."""
    module_id = _module_of(program, step_id).id
    key = {"person_id": person_id, "program_id": program.id, "module_id": module_id, "section_id": section_id}
    store.open_section(db, key, now)
    note_place(db, person_id=person_id, program=program, step_id=step_id, detail=section_id, now=now)
    return store.last_check(db, key)


def note_begun(db: Connection, *, person_id: int, program: Program) -> None:
    """Note that a person has begun a programme; belongs into the transaction that stores an attempt."""
    store.begin(db, person_id, program.id)


def answer_check(
    db: Connection, *, person_id: int, program: Program, step_id: str, section_id: str, choice: int, now: datetime
) -> bool:
    """Keep an answer to a section's check, which completes the section; return whether it was right."""
    module = _module_of(program, step_id)
    correct = module.section(section_id).check.options[choice].correct
    key = {"person_id": person_id, "program_id": program.id, "module_id": module.id, "section_id": section_id}
    store.open_section(db, key, now)
    store.add_check(db, {**key, "choice": choice, "correct": correct, "answered_at": now})
    store.complete_section(db, key, now)
    return correct


def sort_card(
    db: Connection, *, person_id: int, program: Program, step_id: str, card_id: str, ruling: Ruling, now: datetime
) -> bool:
    """Keep an answer to a card of the sorting activity; return whether it was right. Raises KeyError."""
    module = _module_of(program, step_id)
    cards = {card.id: card for card in module.sorting.cards} if module.sorting else {}
    correct = cards[card_id].ruling == ruling
    key = {"person_id": person_id, "program_id": program.id, "module_id": module.id, "card_id": card_id}
    store.add_card(db, {**key, "ruling": ruling, "correct": correct, "answered_at": now})
    return correct


def card_answers(db: Connection, *, person_id: int, program: Program, module_id: str) -> dict[str, list[bool]]:
    """Return, for each sorted card, whether each answer was right, oldest first."""
    answers: dict[str, list[bool]] = {}
    for row in store.cards_of(db, person_id, program.id):
        if row.module_id == module_id:
            answers.setdefault(row.card_id, []).append(row.correct)
    return answers


def note_place(
    db: Connection, *, person_id: int, program: Program, step_id: str, detail: str = "", now: datetime
) -> None:
    """Remember where "Lanjutkan" leads, on any device."""
    values = {"person_id": person_id, "program_id": program.id, "step_id": step_id, "detail": detail, "at": now}
    store.set_place(db, values)


def place(db: Connection, *, person_id: int, program: Program) -> Place | None:
    """Return where a person was last; None before the first step."""
    row = store.place_of(db, person_id, program.id)
    return Place(row.step_id, row.detail, row.at) if row else None


def _module_of(program: Program, step_id: str) -> Module:
    for step in program.head.steps:
        if step.id == step_id and step.kind == "module":
            return program.module(step.ref)
    raise KeyError(step_id)

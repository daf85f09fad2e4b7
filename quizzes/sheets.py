"""What one attempt looks like to the person who answers it: opaque option ids, and nothing that gives a key away."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from operator import itemgetter
from random import Random
from typing import Any, Literal

from sqlalchemy import Row

from quizzes import grading, stories
from quizzes.bank import Item, ItemType, item_from
from quizzes.drawing import option_order

Confidence = Literal["unsure", "fairly", "sure"]
Rows = Sequence[Row[*tuple[Any, ...]]]
Choice = tuple[str, ...]
"""Opaque ids: of the options chosen, of the steps in the order given, of each left side with its target ("a:b"), of
the decisions of a scenario one after another."""


class InvalidChoice(Exception):
    """The value is none of the attempt's own: a forged position or option."""


@dataclass(frozen=True)
class Story:
    """The scenario around a decision: `behind` holds the title of each decision made and what was chosen.

    `path` is the same in opaque ids: the next choice is one longer. `ended`: nothing is left to decide.
    """

    title: str
    story: str
    node: str
    behind: tuple[tuple[str, str], ...]
    path: Choice
    ended: bool


@dataclass(frozen=True)
class Question:
    """One question as it may be shown. `options` are (opaque id, text) in the attempt's order: options, steps, or
    the targets of a matching item, whose left sides stand in `lefts`, or the choices at a decision of a `story`.

    `chosen` is the newest stored choice, `sequence` its number (0 while unanswered): a write must name it.
    `confidence` was given with it, where the quiz asks for it.
    """

    position: int
    type: ItemType | Literal["scenario"]
    topic: str
    stem: str
    options: tuple[tuple[str, str], ...]
    chosen: Choice
    sequence: int
    saved_at: datetime | None
    lefts: tuple[tuple[str, str], ...] = ()
    confidence: Confidence | None = None
    story: Story | None = None


@dataclass(frozen=True)
class Sheet:
    """An attempt as its owner sees it at one position; `question` is None past the last one.

    `unanswered` lists positions and is read only where it is shown: past the last question, or when asked for.
    """

    attempt_id: int
    quiz_id: str
    number: int
    deadline_at: datetime | None
    size: int
    answered: int
    saved_at: datetime | None
    question: Question | None
    unanswered: tuple[int, ...] | None = None


@lru_cache(maxsize=2048)
def item_of(content: str) -> Item:
    """Return the item that a stored version holds; versions never change, so parsing once is enough."""
    return item_from(content)


def new_order(item: Item, random: Random) -> str:
    """Return a fresh order as it is stored: pairs of opaque id and number, of options, targets or steps.

    Left sides of a matching item follow with numbers below zero (-1 is the first), shuffled by themselves.
    """
    lefts = random.sample(range(len(item.pairs)), len(item.pairs))
    numbers = [*option_order(item, random), *(-1 - left for left in lefts)]
    return json.dumps([(f"{random.getrandbits(32):08x}", number) for number in numbers])


def shown(order: str) -> list[tuple[str, int]]:
    """Read a stored order without left sides."""
    return [(opaque, number) for opaque, number in json.loads(order) if number >= 0]


def lefts(order: str) -> list[tuple[str, int]]:
    """Read the left sides of a stored order."""
    return [(opaque, -1 - number) for opaque, number in json.loads(order) if number < 0]


def chosen_numbers(order: str, choice: str) -> tuple[int, ...]:
    """Return the author's numbers behind a stored choice; nothing while there is none.

    Of options and steps in the order given; of a matching item the target of each pair, as the author wrote them.
    """
    numbers, given = dict(shown(order)), choice_of(choice)
    if sides := lefts(order):
        targets = dict(pair.split(":") for pair in given)
        return tuple(numbers[targets[opaque]] for opaque, _ in sorted(sides, key=itemgetter(1))) if given else ()
    return tuple(numbers[opaque] for opaque in given)


def choice_of(stored: str | None) -> Choice:
    """Read a stored choice."""
    return tuple(stored.split()) if stored else ()


def stored_choice(item: Item, order: str, choice: Sequence[str]) -> str:
    """Return a choice in the one form it is stored in. Raises InvalidChoice unless it fits item and order."""
    known = [opaque for opaque, _ in shown(order)]
    if item.type == "matching":
        return " ".join(_pairs([opaque for opaque, _ in lefts(order)], known, choice))
    picked = set(choice)
    if not picked or len(picked) != len(choice) or not picked <= set(known):
        raise InvalidChoice
    if len(picked) != {"multiple": len(picked), "ordering": len(known)}.get(item.type, 1):
        raise InvalidChoice
    return " ".join(choice if item.type == "ordering" else (opaque for opaque in known if opaque in picked))


def _pairs(sides: Sequence[str], targets: Collection[str], choice: Sequence[str]) -> list[str]:
    given = dict(pair.split(":", 1) for pair in choice if ":" in pair)
    if len(choice) != len(given) or set(given) != set(sides) or not set(given.values()) <= set(targets):
        raise InvalidChoice
    return [f"{side}:{given[side]}" for side in sides]


def sheet(rows: Rows, position: int) -> Sheet:
    """Lay out an attempt at a position from its rows."""
    attempt = rows[0]
    return Sheet(
        attempt_id=attempt.id,
        quiz_id=attempt.quiz_id,
        number=attempt.number,
        deadline_at=attempt.deadline_at,
        size=attempt.size,
        answered=attempt.answered,
        saved_at=attempt.saved_at,
        question=next((_question(row) for row in rows if row.position == position), None),
    )


def given(row: Row[*tuple[Any, ...]], choice: Sequence[str]) -> tuple[str, bool]:
    """Return a choice as it is stored for the question of a row, and whether the question is done with it.

    Raises InvalidChoice. A path through a scenario must be possible; whether it goes on from the stored one is
    for the writer to see, once it knows that nobody else decided in between.
    """
    if row.part == "item":
        return stored_choice(item_of(row.content), row.option_order, choice), True
    try:
        run = stories.standing(stories.scenario_of(row.content), row.option_order, choice)
    except KeyError as error:
        raise InvalidChoice from error
    if not choice:
        raise InvalidChoice
    return " ".join(choice), run.finished


def goes_on(row: Row[*tuple[Any, ...]], value: str) -> bool:
    """Tell whether a stored choice may follow that of a row: a scenario's is one decision longer."""
    return row.part == "item" or choice_of(value)[:-1] == choice_of(row.choice)


def mark(row: Row[*tuple[Any, ...]]) -> Fraction:
    """Return the mark of a part of an attempt from its stored choice, between 0 and 1."""
    if row.part == "item":
        return grading.points(item_of(row.content), chosen_numbers(row.option_order, row.choice or ""))
    return stories.mark(stories.scenario_of(row.content), row.option_order, choice_of(row.choice))


def with_answer(
    seen: Sheet, before: Row[*tuple[Any, ...]], value: str, said: Mapping[str, Any], *, complete: bool
) -> Sheet:
    """Return the sheet with an answer that was stored after its rows were read; `before` is its question's row."""
    question, now = seen.question, said["answered_at"]
    if question is not None and question.position == before.position:
        question = _asked(before, value, said["confidence"], (before.sequence or 0) + 1, now)
    answered = seen.answered + (complete and not before.complete)
    return replace(seen, answered=answered, saved_at=now, question=question)


def _question(row: Row[*tuple[Any, ...]]) -> Question:
    return _asked(row, row.choice, row.confidence, row.sequence or 0, row.answered_at)


def _asked(
    row: Row[*tuple[Any, ...]],
    choice: str | None,
    confidence: Confidence | None,
    sequence: int,
    saved_at: datetime | None,
) -> Question:
    if row.part == "scenario":
        return _decision(row, choice_of(choice), sequence, saved_at)
    item = item_of(row.content)
    return Question(
        position=row.position,
        type=item.type,
        topic=item.topic,
        stem=item.stem,
        options=tuple((opaque, item.answers[number]) for opaque, number in shown(row.option_order)),
        chosen=choice_of(choice),
        sequence=sequence,
        saved_at=saved_at,
        lefts=_sides(item, row.option_order) if item.pairs else (),
        confidence=confidence,
    )


def _decision(row: Row[*tuple[Any, ...]], path: Choice, sequence: int, saved_at: datetime | None) -> Question:
    """Lay out the decision that a path has led to, without a word of what followed from those before."""
    scenario = stories.scenario_of(row.content)
    run = stories.standing(scenario, row.option_order, path)
    node = None if run.ended else scenario.nodes[run.at]
    choices = stories.orders(row.option_order).get(run.at, ())
    behind = tuple((scenario.nodes[at].title, scenario.choice(at, one).text) for at, one in run.path)
    return Question(
        position=row.position,
        type="scenario",
        topic="",
        stem=node.text if node else "",
        options=tuple((opaque, scenario.choice(run.at, one).text) for opaque, one in choices),
        chosen=(),
        sequence=sequence,
        saved_at=saved_at,
        story=Story(scenario.title, scenario.story, node.title if node else "", behind, path, run.ended),
    )


def _sides(item: Item, order: str) -> tuple[tuple[str, str], ...]:
    return tuple((opaque, item.pairs[number].left) for opaque, number in lefts(order))


def next_position(positions: Sequence[tuple[int, int | None]]) -> int:
    """Return where to go on: the first unanswered question after the newest answer, else the first unanswered,
    else past the last. `positions` are pairs of position and newest response id."""
    newest = max(((response, position) for position, response in positions if response), default=(0, 0))[1]
    empty = [position for position, response in positions if response is None]
    return next((position for position in empty if position > newest), empty[0] if empty else len(positions) + 1)

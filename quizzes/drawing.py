"""Quiz rules, and the pure draw of items from the bank by topic quotas."""

from collections.abc import Mapping, Sequence
from random import Random

from pydantic import Field

from modules.catalog import SLUG
from modules.source import Content, Whole
from quizzes.bank import Bank, Item


class Quota(Content):
    """How many scored items of a topic a quiz draws."""

    topic: str
    count: Whole = Field(ge=1)


class Quiz(Content):
    """A rule that draws items. No time limit is the default; `pass_mark` is a percentage."""

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=3, max_length=80)
    intro: str
    quotas: tuple[Quota, ...] = Field(min_length=1)
    pass_mark: Whole | None = Field(default=None, ge=1, le=100)
    tries: Whole = Field(default=1, ge=1)
    cooldown_hours: Whole = Field(default=0, ge=0)
    time_limit_minutes: Whole | None = Field(default=None, ge=1)

    @property
    def size(self) -> int:
        """Number of items that one attempt holds."""
        return sum(quota.count for quota in self.quotas)


class Quizzes(Content):
    """The quizzes of one programme."""

    quizzes: tuple[Quiz, ...]


def draw(quiz: Quiz, bank: Bank, seen: Mapping[str, int], random: Random) -> list[Item]:
    """Draw the items of one attempt: per topic the least seen first, at random among equals.

    `seen` counts how often this person met each item, so no item comes twice while others remain.
    """
    drawn: dict[str, Item] = {}
    for quota in quiz.quotas:
        pool = [item for item in bank.items if item.scored and item.topic == quota.topic and item.id not in drawn]
        random.shuffle(pool)
        pool.sort(key=lambda item: seen.get(item.id, 0))
        drawn |= {item.id: item for item in pool[: quota.count]}
    items = list(drawn.values())
    random.shuffle(items)
    return items


def option_order(item: Item, random: Random) -> Sequence[int]:
    """Return the order in which an item's options are shown; Benar/Salah keeps its own."""
    order = list(range(len(item.options)))
    if item.type != "true_false":
        random.shuffle(order)
    return order

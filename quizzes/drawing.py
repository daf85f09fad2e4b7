"""Quiz rules, and the pure draw of items from the bank: by topic quotas, or by the phases of one stage."""

from collections.abc import Mapping, Sequence, Set
from random import Random

from pydantic import Field, model_validator

from modules.catalog import SLUG, Phase, Slug
from modules.source import Content, Flag, Mistake, Mistaken, Whole
from quizzes.bank import Bank, Item
from quizzes.forms import OTHER, Form, FormRule


class Quota(Content):
    """How many scored items of a topic a quiz draws."""

    topic: str
    count: Whole = Field(ge=1)


class Stage(Content):
    """A refresher draws by phase: so many scored items of these phases, whatever their topics."""

    phases: tuple[Phase, ...] = Field(min_length=1)
    count: Whole = Field(ge=1)


class Stories(Content):
    """Which scenarios a quiz draws from, how many, and how many items one of them weighs."""

    count: Whole = Field(default=1, ge=1, le=3)
    weight: Whole = Field(default=1, ge=1, le=10)
    among: tuple[Slug, ...] = Field(min_length=1)


class Quiz(Content):
    """A rule that draws items, by topic or by stage. No time limit is the default; `pass_mark` is a percentage.

    `form` "drawn" takes one of the two parallel forms, "other" the one that "drawn" did not take. `confidence` asks
    beside each answer how sure the person is; it never changes the score.
    """

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=3, max_length=80)
    intro: str
    quotas: tuple[Quota, ...] = ()
    stage: Stage | None = None
    scenarios: Stories | None = None
    pass_mark: Whole | None = Field(default=None, ge=1, le=100)
    tries: Whole = Field(default=1, ge=1)
    cooldown_hours: Whole = Field(default=0, ge=0)
    time_limit_minutes: Whole | None = Field(default=None, ge=1)
    form: FormRule | None = None
    confidence: Flag = False

    @model_validator(mode="after")
    def _one_rule_draws(self) -> "Quiz":
        if bool(self.quotas) == (self.stage is not None):
            message = "Kuis perlu quotas atau stage, salah satu saja."
            raise Mistaken(Mistake(("quotas",), "quiz-rule", message, "Tulis kuota per topik, atau satu tahapan."))
        return self

    @property
    def size(self) -> int:
        """Number of items and scenarios that one attempt holds."""
        return self.items + (self.scenarios.count if self.scenarios else 0)

    @property
    def items(self) -> int:
        """Number of items that one attempt holds."""
        return self.stage.count if self.stage else sum(quota.count for quota in self.quotas)


class Quizzes(Content):
    """The quizzes of one programme."""

    quizzes: tuple[Quiz, ...]


def draw(
    quiz: Quiz,
    bank: Bank,
    seen: Mapping[str, int],
    random: Random,
    *,
    missed: Set[str] = frozenset(),
    form: Form | None = None,
) -> list[Item]:
    """Draw the items of one attempt: per topic the least seen first, of these the given form, at random among equals.

    `seen` counts how often this person met each item, so no item comes twice while others remain: when the own
    form of a topic is used up by tries, the other form follows before anything comes again.
    A stage begins with what the person `missed` before its present tries: to refresh is to mend.
    """
    if quiz.stage is not None:
        return _drawn_for(quiz.stage, bank, seen, random, missed)
    drawn: dict[str, Item] = {}
    for quota in quiz.quotas:
        pool = [item for item in bank.items if item.scored and item.topic == quota.topic and item.id not in drawn]
        random.shuffle(pool)
        pool.sort(key=lambda item: (seen.get(item.id, 0), form is not None and item.form == OTHER[form]))
        drawn |= {item.id: item for item in pool[: quota.count]}
    items = list(drawn.values())
    random.shuffle(items)
    return items


def _drawn_for(stage: Stage, bank: Bank, seen: Mapping[str, int], random: Random, missed: Set[str]) -> list[Item]:
    pool = [item for item in bank.items if item.scored and item.phase in stage.phases]
    random.shuffle(pool)
    pool.sort(key=lambda item: (item.id not in missed, seen.get(item.id, 0)))
    items = pool[: stage.count]
    random.shuffle(items)
    return items


def draw_stories(rule: Stories | None, seen: Mapping[str, int], random: Random) -> list[str]:
    """Draw the scenarios of one attempt: the least met first, in quizzes or as steps, at random among equals."""
    pool = random.sample(rule.among, len(rule.among)) if rule else []
    return sorted(pool, key=lambda name: seen.get(name, 0))[: rule.count if rule else 0]


def option_order(item: Item, random: Random) -> Sequence[int]:
    """Return the order in which an item's options are shown; Benar/Salah keeps its own."""
    order = list(range(len(item.answers)))
    if item.type != "true_false":
        random.shuffle(order)
    return order

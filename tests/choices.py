"""Answers of every kind: any one, the right one, a wrong one, as choices of opaque ids."""

from quizzes.bank import Item
from quizzes.scenarios import Scenario
from quizzes.sheets import Choice, Question, lefts, shown


def some(question: Question, number: int = 0) -> Choice:
    """Return a choice that the question takes; another `number` gives another one."""
    ids = [opaque for opaque, _ in question.options]
    turned = (*ids[number % len(ids) :], *ids[: number % len(ids)])
    if question.story is not None:
        return (*question.story.path, turned[0])
    if question.type == "matching":
        return tuple(f"{opaque}:{turned[0]}" for opaque, _ in question.lefts)
    return turned if question.type == "ordering" else turned[:1]


def safe(scenario: Scenario, question: Question, *, right: bool = True) -> Choice:
    """Return the path with a decision that loses nothing, or the most that this one can lose."""
    assert question.story is not None
    node = next(node for node in scenario.nodes.values() if node.text == question.stem)
    lost = {choice.text: choice.lost for choice in node.choices}
    ordered = sorted(question.options, key=lambda option: lost[option[1]], reverse=not right)
    return (*question.story.path, ordered[0][0])


def key(item: Item, order: str, *, right: bool = True) -> Choice:
    """Return the right choice of an item as it lies in an attempt, or one that earns nothing."""
    ids = {number: opaque for opaque, number in shown(order)}
    if item.pairs:
        fitting = {number: item.targets.index(pair.right) for number, pair in enumerate(item.pairs)}
        turn = 0 if right else 1
        return tuple(f"{opaque}:{ids[(fitting[number] + turn) % len(ids)]}" for opaque, number in lefts(order))
    if item.steps:
        return tuple(ids[number] for number in sorted(ids, reverse=not right))
    fitting_ids = tuple(ids[number] for number, option in enumerate(item.options) if option.correct == right)
    return fitting_ids if right else fitting_ids[:1]

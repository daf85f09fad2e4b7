"""Marks of answers. Pure: the same stored responses always give the same score."""

from collections.abc import Collection, Sequence
from fractions import Fraction
from math import floor
from typing import Literal

from quizzes.bank import Item

Verdict = Literal["right", "partly", "wrong", "unanswered"]


def points(item: Item, chosen: Collection[int]) -> Fraction:
    """Return the mark of one answer between 0 and 1; `chosen` are option numbers as the author wrote them.

    One right option: all or nothing. Several: the share of right options found, less the share of wrong ones
    picked, never below 0. Each share is of its own kind, so that ticking every box earns exactly nothing and
    guessing earns nothing on average; a plain (right - wrong) / right would pay for ticking everything
    wherever right options outnumber wrong ones.
    """
    right = {number for number, option in enumerate(item.options) if option.correct}
    wrong = set(range(len(item.options))) - right
    picked = set(chosen)
    if item.type != "multiple":
        return Fraction(picked == right)
    share = Fraction(len(picked & right), len(right)) - Fraction(len(picked & wrong), len(wrong))
    return max(Fraction(0), share)


def verdict(item: Item, chosen: Collection[int]) -> Verdict:
    """Return the mark of one answer as a word."""
    if not chosen:
        return "unanswered"
    mark = points(item, chosen)
    if mark == 1:
        return "right"
    return "partly" if mark else "wrong"


def score(marks: Sequence[Fraction]) -> int:
    """Return the percentage of the most that could be had, rounded down: nobody passes by rounding."""
    return floor(100 * sum(marks, Fraction(0)) / len(marks))


def passed(percent: int, pass_mark: int | None) -> bool | None:
    """Tell whether a score passes; None where there is no pass mark."""
    return None if pass_mark is None else percent >= pass_mark


def scenario_score(kept: int, maximum: int) -> int:
    """Return the percentage of a scenario's fixed maximum, rounded down."""
    return floor(Fraction(100 * kept, maximum))

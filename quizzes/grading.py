"""Marks of answers. Pure: the same stored responses always give the same score."""

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import combinations
from math import floor
from typing import Literal

from quizzes.bank import Item

Verdict = Literal["right", "partly", "wrong", "unanswered"]


def points(item: Item, chosen: Collection[int]) -> Fraction:
    """Return the mark of one answer between 0 and 1; `chosen` is what `sheets.chosen_numbers` reads.

    One rule holds for partial credit: what guessing brings in on average is taken off again, and no mark falls
    below 0. So ticking everything, or one target for every pair, earns nothing.
    """
    if not chosen:
        return Fraction(0)
    if item.type == "matching":
        return _matching(item, tuple(chosen))
    if item.type == "ordering":
        return _ordering(tuple(chosen))
    right = {number for number, option in enumerate(item.options) if option.correct}
    if item.type != "multiple":
        return Fraction(set(chosen) == right)
    return _multiple(right, set(range(len(item.options))) - right, set(chosen))


def _multiple(right: set[int], wrong: set[int], picked: set[int]) -> Fraction:
    """Return the share of right options found, less the share of wrong ones picked.

    Each share is of its own kind; a plain (right - wrong) / right would pay for ticking everything wherever
    right options outnumber wrong ones.
    """
    share = Fraction(len(picked & right), len(right)) - Fraction(len(picked & wrong), len(wrong))
    return max(Fraction(0), share)


def _matching(item: Item, chosen: Sequence[int]) -> Fraction:
    """Return the share of right pairs, each wrong one taking off 1 / (targets - 1) of a pair.

    A blind pair is right once in as many times as there are targets: the loss is what that brings in. A plain
    share of right pairs would pay a quarter for guessing among four.
    """
    found = sum(item.targets[at] == pair.right for at, pair in zip(chosen, item.pairs, strict=True))
    missed = len(item.pairs) - found
    return max(Fraction(0), (found - Fraction(missed, len(item.targets) - 1)) / len(item.pairs))


def _ordering(chosen: Sequence[int]) -> Fraction:
    """Return, over all two steps, the share in the right order less the share in the wrong one (Kendall's tau).

    Two neighbours swapped cost little, a whole story told backwards earns nothing, chance is worth 0. Steps at
    their right number would not do: one step too early moves all others, and everything would be wrong.
    """
    pairs = list(combinations(chosen, 2))
    right = sum(first < second for first, second in pairs)
    return max(Fraction(0), Fraction(2 * right - len(pairs), len(pairs)))


def verdict(item: Item, chosen: Collection[int]) -> Verdict:
    """Return the mark of one answer as a word."""
    if not chosen:
        return "unanswered"
    return word(points(item, chosen))


def word(mark: Fraction) -> Verdict:
    """Return a mark between 0 and 1 as a word."""
    if mark == 1:
        return "right"
    return "partly" if mark else "wrong"


def score(marks: Sequence[Fraction], weights: Sequence[int] | None = None) -> int:
    """Return the percentage of the most that could be had, rounded down: nobody passes by rounding.

    Without `weights` every mark counts alike.
    """
    weights = weights or [1] * len(marks)
    kept = sum((mark * weight for mark, weight in zip(marks, weights, strict=True)), Fraction(0))
    return floor(100 * kept / sum(weights))


def passed(percent: int, pass_mark: int | None) -> bool | None:
    """Tell whether a score passes; None where there is no pass mark."""
    return None if pass_mark is None else percent >= pass_mark


def scenario_score(kept: int, maximum: int) -> int:
    """Return the percentage of a scenario's fixed maximum, rounded down."""
    return floor(Fraction(100 * kept, maximum))

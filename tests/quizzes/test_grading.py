"""Marks: bounds, partial credit, rounding, and independence of the order in which options are shown."""

from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import grading
from quizzes.bank import Item
from quizzes.sheets import InvalidChoice, chosen_numbers, shown, stored_choice


def item(kind: str, key: list[bool]) -> Item:
    """Build an item whose options are right where `key` says so."""
    options = [
        {"text": f"Pilihan {n}", "correct": right, "why": "Karena begitu.", "basis": ["a"]}
        for n, right in enumerate(key)
    ]
    common: dict[str, Any] = {
        "id": "soal",
        "topic": "hukum",
        "phase": "T",
        "objective": "Menilai",
        "difficulty": "mudah",
    }
    return Item.model_validate(
        {**common, "type": kind, "stem": "Apa yang tepat?", "options": options, "section": "modul/bagian"}
    )


KEYS = [
    [number in right for number in range(size)]
    for size in range(3, 7)
    for count in range(2, size)
    for right in combinations(range(size), count)
]
multiple = st.sampled_from(KEYS).map(lambda key: item("multiple", key))


@pytest.mark.parametrize(("chosen", "mark"), [({0}, 0), ({1}, 1), ({0, 1}, 0), (set(), 0)])
def test_one_right_option_is_all_or_nothing(chosen: set[int], mark: int) -> None:
    assert grading.points(item("single", [False, True, False]), chosen) == mark


@pytest.mark.parametrize(
    ("chosen", "mark"),
    [
        ({0, 1, 2}, Fraction(1)),
        ({0, 1}, Fraction(2, 3)),
        ({0, 1, 2, 3}, Fraction(1, 2)),
        ({0, 3}, Fraction(0)),
        ({3, 4}, Fraction(0)),
        ({0, 1, 2, 3, 4}, Fraction(0)),
    ],
)
def test_partial_credit_takes_the_share_of_wrong_from_the_share_of_right(chosen: set[int], mark: Fraction) -> None:
    assert grading.points(item("multiple", [True, True, True, False, False]), chosen) == mark


def test_ticking_everything_or_nothing_earns_nothing_for_any_key() -> None:
    for key in KEYS:
        assert grading.points(item("multiple", key), range(len(key))) == 0
        assert grading.points(item("multiple", key), ()) == 0


@given(multiple, st.data())
def test_marks_lie_between_nothing_and_one_and_only_the_key_earns_all(one: Item, data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(one.options) - 1)))
    mark = grading.points(one, chosen)
    right = {number for number, option in enumerate(one.options) if option.correct}
    assert 0 <= mark <= 1
    assert (mark == 1) == (chosen == right)


@given(multiple, st.data())
def test_the_order_on_the_screen_does_not_change_the_mark(one: Item, data: st.DataObject) -> None:
    numbers = list(range(len(one.options)))
    chosen = data.draw(st.sets(st.sampled_from(numbers), min_size=1))
    marks = set()
    for _ in range(2):
        order = data.draw(st.permutations(numbers))
        ids = {number: f"{place:08x}" for place, number in enumerate(order)}
        stored = "[" + ",".join(f'["{ids[number]}",{number}]' for number in order) + "]"
        choice = stored_choice(one, stored, [ids[number] for number in chosen])
        assert chosen_numbers(stored, choice) == chosen
        marks.add(grading.points(one, chosen_numbers(stored, choice)))
    assert len(marks) == 1


@pytest.mark.parametrize(
    "choice", [[], ["ffffffff"], ["00000000", "00000001"], ["00000000", "00000000"], ["0"], ["00000000 00000001"], [""]]
)
def test_a_single_choice_takes_exactly_one_of_its_own_options(choice: list[str]) -> None:
    order = '[["00000000",1],["00000001",0],["00000002",2]]'
    assert shown(order)[0] == ("00000000", 1)
    with pytest.raises(InvalidChoice):
        stored_choice(item("single", [True, False, False]), order, choice)


@given(st.lists(st.fractions(0, 1), min_size=1, max_size=40))
def test_the_score_is_the_percentage_rounded_down(marks: list[Fraction]) -> None:
    percent = grading.score(marks)
    exact = 100 * sum(marks, Fraction(0)) / len(marks)
    assert percent <= exact < percent + 1


def test_nobody_passes_by_rounding() -> None:
    marks = [Fraction(1)] * 139 + [Fraction(0)] * 61
    assert grading.score(marks) == 69
    assert grading.passed(69, 70) is False
    assert grading.passed(70, 70) is True
    assert grading.passed(0, None) is None

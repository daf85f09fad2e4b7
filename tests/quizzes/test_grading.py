"""Marks: bounds, partial credit, rounding, and independence of the order in which options are shown."""

from fractions import Fraction
from itertools import combinations, permutations, product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes import grading
from quizzes.bank import Item
from quizzes.sheets import InvalidChoice, chosen_numbers, new_order, shown, stored_choice
from tests import choices


def item(kind: str, key: list[bool]) -> Item:
    """Build an item whose options are right where `key` says so."""
    options = [
        {"text": f"Pilihan {n}", "correct": right, "why": "Karena begitu.", "basis": ["a"]}
        for n, right in enumerate(key)
    ]
    return _item(kind, options=options)


def _item(kind: str, **parts: Any) -> Item:
    common = {"id": "soal", "topic": "hukum", "phase": "T", "objective": "Menilai", "difficulty": "mudah"}
    return Item.model_validate({**common, **parts, "type": kind, "stem": "Apa yang tepat?", "section": "modul/bagian"})


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
        assert set(chosen_numbers(stored, choice)) == chosen
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


def matching(rights: str, decoys: str = "") -> Item:
    """Build a matching item: one pair for each letter, which is its right side."""
    pairs = [
        {"left": f"Kiri {n}", "right": right, "why": "Karena begitu.", "basis": ["a"]} for n, right in enumerate(rights)
    ]
    return _item("matching", pairs=pairs, decoys=list(decoys))


def ordering(size: int) -> Item:
    """Build an ordering item."""
    steps = [{"text": f"Langkah {n}", "why": "Karena begitu.", "basis": ["a"]} for n in range(size)]
    return _item("ordering", steps=steps)


@pytest.mark.parametrize(
    ("chosen", "mark"),
    [
        ((0, 1, 2, 3), Fraction(1)),
        ((0, 1, 2, 2), Fraction(2, 3)),
        ((0, 1, 3, 2), Fraction(1, 3)),
        ((0, 2, 3, 1), Fraction(0)),
        ((0, 0, 0, 0), Fraction(0)),
        ((), Fraction(0)),
    ],
)
def test_wrong_pairs_take_off_what_guessing_brings_in(chosen: tuple[int, ...], mark: Fraction) -> None:
    assert grading.points(matching("WXYZ"), chosen) == mark


@pytest.mark.parametrize(
    ("chosen", "mark"),
    [
        ((0, 1, 2, 3), Fraction(1)),
        ((1, 0, 2, 3), Fraction(2, 3)),
        ((1, 2, 3, 0), Fraction(0)),
        ((3, 0, 1, 2), Fraction(0)),
        ((0, 2, 3, 1), Fraction(1, 3)),
        ((3, 2, 1, 0), Fraction(0)),
        ((), Fraction(0)),
    ],
)
def test_order_earns_the_share_of_right_twos_less_the_wrong_ones(chosen: tuple[int, ...], mark: Fraction) -> None:
    assert grading.points(ordering(4), chosen) == mark


@pytest.mark.parametrize(
    "one", [matching("WXYZ"), matching("XXYYZ"), matching("XYZ", "W"), matching("XYZXYZ")], ids=str
)
def test_one_target_for_everything_and_blind_pairs_earn_little(one: Item) -> None:
    everything = list(product(range(len(one.targets)), repeat=len(one.pairs)))
    assert sum(grading.points(one, chosen) for chosen in everything) / len(everything) < Fraction(1, 5)
    for target in range(len(one.targets)):
        assert grading.points(one, (target,) * len(one.pairs)) <= Fraction(1, 9)


@pytest.mark.parametrize(
    ("size", "most"), [(3, Fraction(3, 10)), (4, Fraction(1, 5)), (5, Fraction(1, 6)), (6, Fraction(3, 20))]
)
def test_a_blind_order_earns_little(size: int, most: Fraction) -> None:
    orders = list(permutations(range(size)))
    assert sum(grading.points(ordering(size), order) for order in orders) / len(orders) <= most


@given(
    st.sampled_from([matching("WXYZ"), matching("XXYYZ", "WV"), ordering(3), ordering(6)]), st.integers().map(Random)
)
def test_pairs_and_steps_are_read_from_any_order_on_the_screen(one: Item, random: Random) -> None:
    order = new_order(one, random)
    right, wrong = choices.key(one, order), choices.key(one, order, right=False)
    for choice, mark in ((right, 1), (wrong, 0)):
        sent = random.sample(choice, len(choice)) if one.pairs else choice
        stored = stored_choice(one, order, sent)
        assert stored == stored_choice(one, order, choice)
        assert grading.points(one, chosen_numbers(order, stored)) == mark


@given(st.sampled_from([matching("WXYZ"), ordering(4)]), st.integers().map(Random))
def test_half_an_answer_or_a_forged_one_is_refused(one: Item, random: Random) -> None:
    order = new_order(one, random)
    right = choices.key(one, order)
    target = right[0].split(":")[-1]
    forged = [
        right[:-1],
        (*right, right[0]),
        (*right[:-1], right[0]),
        (),
        right[0].split(":"),
        (*right[:-1], "ffffffff:" + target),
    ]
    forged += [(*right[:-1], f"{right[-1][:8]}:ffffffff"), (*right[:-1], ""), (*right[:-1], f"{right[-1]}:{target}")]
    for choice in forged:
        with pytest.raises(InvalidChoice):
            stored_choice(one, order, choice)


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

"""The draw: quotas, and no item twice for one person while others remain."""

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import Library
from quizzes.drawing import Quiz, Quota, draw, option_order
from quizzes.forms import form_for


def quiz(library: Library, count: int) -> Quiz:
    quotas = tuple(Quota(topic=topic, count=count) for topic in library.bank.labels.topics)
    return library.quiz("netralitas", "kuis-akhir").model_copy(update={"quotas": quotas})


@given(seed=st.integers(), count=st.integers(1, 3))
def test_a_draw_fills_every_quota_with_scored_items(library: Library, seed: int, count: int) -> None:
    drawn = draw(quiz(library, count), library.bank, {}, Random(seed))
    assert Counter(item.topic for item in drawn) == dict.fromkeys(library.bank.labels.topics, count)
    assert len({item.id for item in drawn}) == len(drawn)
    assert all(item.scored for item in drawn)


@given(seed=st.integers())
def test_no_item_comes_twice_while_others_remain(library: Library, seed: int) -> None:
    random, seen = Random(seed), Counter[str]()
    pool = Counter(item.topic for item in library.bank.items if item.scored)
    for _ in range(12):
        drawn = draw(quiz(library, 1), library.bank, seen, random)
        for item in drawn:
            mates = [seen[one.id] for one in library.bank.items if one.scored and one.topic == item.topic]
            assert seen[item.id] == min(mates)
        seen.update(item.id for item in drawn)
    assert all(times <= -(-12 // min(pool.values())) for times in seen.values())


@given(seed=st.integers())
def test_option_order_is_a_permutation_and_keeps_true_before_false(library: Library, seed: int) -> None:
    for item in library.bank.items:
        order = list(option_order(item, Random(seed)))
        assert sorted(order) == list(range(len(item.answers)))
        assert item.type != "true_false" or order == [0, 1]


def test_the_pre_test_and_the_final_quiz_share_no_item_for_anybody(library: Library) -> None:
    first, last = (library.quiz("netralitas", name) for name in ("tes-awal", "kuis-akhir"))
    for person_id in range(1, 101):
        seen, random = Counter[str](), Random(person_id)
        forms = [form_for(quiz.form, program_id="netralitas", person_id=person_id) for quiz in (first, last)]
        assert sorted(map(str, forms)) == ["A", "B"]
        for quiz, form in zip((first, last), forms, strict=True):
            drawn = draw(quiz, library.bank, seen, random, form=form)
            assert {item.form for item in drawn} == {form}
            seen.update(item.id for item in drawn)
        assert max(seen.values()) == 1


def test_control_without_forms_both_quizzes_mix_them(library: Library) -> None:
    drawn = draw(library.quiz("netralitas", "kuis-akhir"), library.bank, {}, Random(1))
    assert {item.form for item in drawn} == {"A", "B"}


def test_tries_go_on_with_the_other_form_before_anything_comes_again(library: Library) -> None:
    seen, random, quiz = Counter[str](), Random(1), library.quiz("netralitas", "kuis-akhir")
    topic = quiz.quotas[0]
    pool = [item for item in library.bank.items if item.scored and item.topic == topic.topic]
    own = sum(item.form == "B" for item in pool)
    drawn = []
    for _ in range(-(-len(pool) // topic.count)):
        one = quiz.model_copy(update={"quotas": (topic,)})
        drawn += draw(one, library.bank, seen, random, form="B")
        seen = Counter(item.id for item in drawn)
    assert [item.form for item in drawn[:own]] == ["B"] * own
    assert len({item.id for item in drawn[: len(pool)]}) == len(pool)


def test_forms_go_to_equally_many_and_not_by_turns() -> None:
    forms = [form_for("drawn", program_id="netralitas", person_id=person_id) for person_id in range(2, 1002)]
    assert forms.count("A") == 500
    assert 200 < sum(one == two for one, two in pairwise(forms)) < 300
    assert forms != [form_for("drawn", program_id="lain", person_id=person_id) for person_id in range(2, 1002)]

"""The draw: quotas, and no item twice for one person while others remain."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizzes.content import Library
from quizzes.drawing import Quiz, Quota, draw, option_order


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

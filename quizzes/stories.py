"""A scenario as one part of a quiz: decisions in order, none taken back, marked like any other answer.

Its stored choice is the whole path so far, as opaque ids: each decision appends a response that is one longer.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from random import Random

from quizzes.scenarios import Decision, Run, Scenario, replay, scenario_from


@lru_cache(maxsize=256)
def scenario_of(content: str) -> Scenario:
    """Return the scenario that a stored version holds; versions never change, so parsing once is enough."""
    return scenario_from(content)


def new_order(scenario: Scenario, random: Random) -> str:
    """Return a fresh order of the choices of every decision as it is stored: pairs of opaque id and choice id."""
    orders = {
        node_id: [
            (f"{random.getrandbits(32):08x}", choice.id) for choice in random.sample(node.choices, len(node.choices))
        ]
        for node_id, node in scenario.nodes.items()
    }
    return json.dumps(orders)


def orders(order: str) -> dict[str, list[tuple[str, str]]]:
    """Read a stored order."""
    return {node_id: [(opaque, one) for opaque, one in pairs] for node_id, pairs in json.loads(order).items()}


def standing(scenario: Scenario, order: str, choice: Sequence[str]) -> Run:
    """Return where a path of opaque ids has led to. Raises KeyError for ids that are none of the decision's own."""
    known, at, made = orders(order), scenario.start, list[Decision]()
    for opaque in choice:
        decision = Decision(at, dict(known[at])[opaque])
        made.append(decision)
        at = scenario.choice(at, str(decision.choice_id)).next
    return replay(scenario, made)


def mark(scenario: Scenario, order: str, choice: Sequence[str]) -> Fraction:
    """Return the share of the fixed maximum that a path kept. Without an ending it is 0: stopping must not pay."""
    run = standing(scenario, order, choice)
    return Fraction(run.score, scenario.maximum) if run.finished else Fraction(0)

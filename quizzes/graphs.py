"""The graph below a scenario: what is reached, what turns in circles, what never ends. Linear, without recursion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Graph = Mapping[str, Sequence[tuple[str, int]]]
"""For each decision its choices, in order: where each leads and how many points it costs. Endings have no entry."""


@dataclass
class Walk:
    """What one walk from the start finds."""

    reached: set[str] = field(default_factory=set)
    loops: list[tuple[str, int]] = field(default_factory=list)
    """Decision and number of the choice that leads back to a decision above it."""
    finished: list[str] = field(default_factory=list)
    """Decisions, each after everything that follows it."""


def walk(graph: Graph, start: str) -> Walk:
    """Follow every choice once, depth first."""
    found = Walk(reached={start})
    path = [(start, 0)] if start in graph else []
    above = {start}
    while path:
        at, number = path.pop()
        if number == len(graph[at]):
            above.discard(at)
            found.finished.append(at)
            continue
        path.append((at, number + 1))
        target = graph[at][number][0]
        if target in above:
            found.loops.append((at, number))
        elif target not in found.reached:
            found.reached.add(target)
            if target in graph:
                path.append((target, 0))
                above.add(target)
    return found


def leading_out(graph: Graph) -> set[str]:
    """Return the decisions from which an ending can be reached."""
    before: dict[str, list[str]] = {}
    for node, choices in graph.items():
        for target, _ in choices:
            before.setdefault(target, []).append(node)
    out: set[str] = set()
    waiting = [target for target in before if target not in graph]
    while waiting:
        new = [node for node in before.get(waiting.pop(), []) if node not in out]
        out.update(new)
        waiting += new
    return out


def most_lost(graph: Graph, found: Walk) -> int:
    """Return the most points that any path can cost, in a graph without loops."""
    worst: dict[str, int] = {}
    for node in found.finished:
        worst[node] = max((cost + worst.get(target, 0) for target, cost in graph[node]), default=0)
    return worst[found.finished[-1]] if found.finished else 0

"""The graph below a scenario, against plain enumeration of its paths."""

from collections.abc import Iterator
from random import Random

import pytest

from quizzes import graphs

ENDINGS = ("akhir", "buntu")


def paths(graph: graphs.Graph, at: str, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield every path to an ending or back into itself, with what it costs."""
    if at in above or at not in graph:
        yield (*above, at), 0
        return
    for target, cost in graph[at]:
        for path, rest in paths(graph, target, (*above, at)):
            yield path, cost + rest


def invented(random: Random) -> graphs.Graph:
    """Return a graph of up to six decisions with two or three choices each."""
    names = [f"n{number}" for number in range(random.randint(1, 6))]
    return {
        name: [(random.choice([*names, *ENDINGS]), random.randint(0, 3)) for _ in range(random.randint(2, 3))]
        for name in names
    }


@pytest.mark.parametrize("seed", range(200))
def test_walk_finds_what_enumeration_finds(seed: int) -> None:
    graph = invented(Random(seed))
    known = list(paths(graph, "n0"))
    found = graphs.walk(graph, "n0")
    assert found.reached == {name for path, _ in known for name in path}
    circles = [path for path, _ in known if path[-1] in path[:-1]]
    assert bool(found.loops) == bool(circles)
    assert graphs.leading_out(graph) == {
        name for name in graph if any(path[-1] in ENDINGS for path, _ in paths(graph, name))
    }
    if not circles:
        assert graphs.most_lost(graph, found) == max(cost for _, cost in known)


def test_long_chain_needs_no_recursion() -> None:
    graph = {f"n{number}": [(f"n{number + 1}", 1)] * 2 for number in range(20_000)}
    found = graphs.walk(graph, "n0")
    assert (len(found.reached), found.loops, graphs.most_lost(graph, found)) == (20_001, [], 20_000)

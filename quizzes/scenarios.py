"""Branching scenarios: a graph of decisions with immediate consequences and named endings."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal

from pydantic import Field, model_validator

from modules.catalog import SLUG, Phase, Slug
from modules.source import Content, Flag, Mistake, Mistaken, Place, Whole
from quizzes import graphs

STORY_WORDS = 80


class Choice(Content):
    """One choice. `lost` points are taken off the fixed maximum; contested ones (`scored: false`) lose none."""

    id: str = Field(pattern=SLUG)
    text: str = Field(min_length=5, max_length=200)
    consequence: str = Field(min_length=20, max_length=700)
    basis: tuple[str, ...] = Field(min_length=1)
    lost: Whole = Field(default=0, ge=0)
    scored: Flag = True
    next: str

    @model_validator(mode="after")
    def _contested_choices_lose_nothing(self) -> "Choice":
        if not self.scored and self.lost:
            message = "Pilihan yang tidak diskor tidak boleh mengurangi nilai."
            raise Mistaken(Mistake(("lost",), "key", message, "Hapus lost atau scored."))
        return self


class Node(Content):
    """One decision."""

    title: str = Field(min_length=3, max_length=60)
    text: str = Field(min_length=20)
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=4)


class Ending(Content):
    """How a path ends."""

    title: str = Field(min_length=3, max_length=60)
    text: str = Field(min_length=20)
    tone: Literal["aman", "waspada", "melanggar"]


class Scenario(Content):
    """A case with successive decisions. The maximum is the same whatever the path.

    A variant told for a `role` shares `objective`, phase and maximum with its sisters.
    """

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=3, max_length=80)
    phase: Phase
    role: str = Field(default="", pattern=r"^[a-z0-9-]*$")
    objective: str = Field(default="", max_length=160)
    story: str = Field(min_length=20)
    lesson: str = Field(min_length=20)
    maximum: Whole = Field(ge=1)
    start: str
    nodes: dict[Slug, Node] = Field(min_length=1)
    endings: dict[Slug, Ending] = Field(min_length=1)

    @model_validator(mode="after")
    def _graph_is_sound(self) -> "Scenario":
        if found := tuple(mistakes(self)):
            raise Mistaken(*found)
        return self

    def choice(self, node_id: str, choice_id: str) -> Choice:
        """Return one choice. Raises KeyError."""
        for choice in self.nodes[node_id].choices:
            if choice.id == choice_id:
                return choice
        raise KeyError(choice_id)

    @cached_property
    def content(self) -> str:
        """Canonical JSON of the scenario, as stored with a version."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def version(self) -> str:
        """SHA-256 of the content: each change of wording is a new version."""
        return sha256(self.content.encode()).hexdigest()


def mistakes(scenario: Scenario) -> Iterator[Mistake]:
    """Yield what is wrong with the graph: unknown targets, loops, unreachable parts, more to lose than there is."""
    yield from _length_mistakes(scenario)
    unknown = list(_target_mistakes(scenario))
    yield from unknown
    if unknown:
        return
    graph = {name: [(choice.next, choice.lost) for choice in node.choices] for name, node in scenario.nodes.items()}
    found, out = graphs.walk(graph, scenario.start), graphs.leading_out(graph)
    for name, number in found.loops:
        if name in out:
            place: Place = ("nodes", name, "choices", number, "next")
            message = f"Pilihan di {name} kembali ke keputusan sebelumnya."
            yield Mistake(place, "scenario-loop", message, "Arahkan ke keputusan berikutnya atau ke akhir cerita.")
    for name in dict.fromkeys(name for name, _ in found.loops if name not in out):
        message = f"Dari {name} cerita tidak pernah berakhir."
        yield Mistake(("nodes", name), "scenario-dead-end", message, "Arahkan satu pilihan ke akhir cerita.")
    for kind, names in (("nodes", scenario.nodes), ("endings", scenario.endings)):
        for name in names:
            if name not in found.reached:
                mend = "Arahkan satu pilihan ke sana atau hapus bagian itu."
                yield Mistake((kind, name), "scenario-unreachable", f"{name} tidak pernah tercapai.", mend)
    if not found.loops and (lost := graphs.most_lost(graph, found)) > scenario.maximum:
        message = f"Satu jalur mengurangi {lost} dari nilai tertinggi {scenario.maximum}."
        yield Mistake(("maximum",), "scenario-maximum", message, "Naikkan maximum atau kecilkan lost.")


def _target_mistakes(scenario: Scenario) -> Iterator[Mistake]:
    mend = "Perbaiki nama tujuan itu."
    if scenario.start not in scenario.nodes:
        yield Mistake(("start",), "scenario-target", f"Keputusan {scenario.start} tidak ada.", mend)
    for name, node in scenario.nodes.items():
        if name in scenario.endings:
            message = f"{name} adalah nama keputusan dan juga nama akhir cerita."
            yield Mistake(("endings", name), "scenario-name", message, "Beri nama lain pada salah satunya.")
        for number, choice in enumerate(node.choices):
            place = ("nodes", name, "choices", number)
            if choice.next not in scenario.nodes and choice.next not in scenario.endings:
                yield Mistake((*place, "next"), "scenario-target", f"Tujuan {choice.next} tidak ada.", mend)
            if choice.id in [other.id for other in node.choices[:number]]:
                message = f"Pilihan {choice.id} tertulis dua kali."
                yield Mistake((*place, "id"), "scenario-name", message, "Beri nama lain pada salah satunya.")


def _length_mistakes(scenario: Scenario) -> Iterator[Mistake]:
    texts: list[tuple[Place, str]] = [(("story",), scenario.story)]
    texts += [(("nodes", name, "text"), node.text) for name, node in scenario.nodes.items()]
    for place, text in texts:
        if (words := len(text.split())) > STORY_WORDS:
            message = f"Cerita {words} kata; paling banyak {STORY_WORDS}."
            yield Mistake(place, "story-length", message, "Ringkas cerita itu.")


@dataclass(frozen=True)
class Decision:
    """One stored decision; `choice_id` None means "ulang dari keputusan ini"."""

    node_id: str
    choice_id: str | None


@dataclass(frozen=True)
class Run:
    """A scenario run replayed from its decisions: where it stands, the latest path, the points kept."""

    at: str
    path: tuple[tuple[str, str], ...]
    score: int
    ended: bool
    """At an ending now."""
    finished: bool
    """Was at an ending once; from then on the score stands."""


def replay(scenario: Scenario, decisions: Sequence[Decision]) -> Run:
    """Replay stored decisions. Raises KeyError or ValueError for a decision that does not fit.

    The score counts the first choice made at each decision up to the first ending: repeating a decision
    teaches but does not mend the score, and exploring other paths afterwards does not spoil it.
    """
    at, path = scenario.start, list[tuple[str, str]]()
    first: dict[str, int] = {}
    finished = False
    for decision in decisions:
        if decision.choice_id is None:
            path = path[: [node_id for node_id, _ in path].index(decision.node_id)]
            at = decision.node_id
            continue
        if decision.node_id != at:
            raise ValueError(decision.node_id)
        choice = scenario.choice(decision.node_id, decision.choice_id)
        if not finished:
            first.setdefault(decision.node_id, choice.lost)
        path.append((decision.node_id, choice.id))
        at = choice.next
        finished = finished or at in scenario.endings
    kept = max(0, scenario.maximum - sum(first.values()))
    return Run(at, tuple(path), kept, at in scenario.endings, finished)


def scenario_from(content: str) -> Scenario:
    """Return the scenario that a stored version holds."""
    return Scenario.model_validate_json(content)

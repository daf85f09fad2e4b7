"""Branching scenarios: a graph of decisions with immediate consequences and named endings."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from modules.catalog import SLUG, Phase
from modules.laws import Registry, citation_findings
from modules.source import Content, ContentError, Finding, Place, read_yaml, validate

STORY_WORDS = 80


class Choice(Content):
    """One choice. `lost` points are taken off the fixed maximum; contested ones (`scored: false`) lose none."""

    id: str = Field(pattern=SLUG)
    text: str = Field(min_length=5, max_length=200)
    consequence: str = Field(min_length=20, max_length=700)
    basis: tuple[str, ...] = Field(min_length=1)
    lost: int = Field(default=0, ge=0)
    scored: bool = True
    next: str

    @model_validator(mode="after")
    def _contested_choices_lose_nothing(self) -> "Choice":
        if not self.scored and self.lost:
            raise ValueError("Pilihan yang tidak diskor tidak boleh mengurangi nilai.")
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
    """A case with successive decisions. The maximum is the same whatever the path."""

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=3, max_length=80)
    phase: Phase
    story: str = Field(min_length=20)
    lesson: str = Field(min_length=20)
    maximum: int = Field(ge=1)
    start: str
    nodes: dict[str, Node] = Field(min_length=1)
    endings: dict[str, Ending] = Field(min_length=1)

    @model_validator(mode="after")
    def _graph_is_sound(self) -> "Scenario":
        for problem in graph_problems(self):
            raise ValueError(problem)
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


def graph_problems(scenario: Scenario) -> Iterator[str]:
    """Yield what is wrong with the graph: unknown targets, loops, unreachable parts, more to lose than there is."""
    known = {*scenario.nodes, *scenario.endings}
    targets = {choice.next for node in scenario.nodes.values() for choice in node.choices}
    for target in sorted({scenario.start, *targets} - known):
        yield f"Tujuan {target} tidak ada."
        return
    for text in (scenario.story, *(node.text for node in scenario.nodes.values())):
        if len(text.split()) > STORY_WORDS:
            yield f"Cerita lebih dari {STORY_WORDS} kata."
    reached: set[str] = set()
    if not _walk(scenario, scenario.start, (), reached):
        yield "Ada putaran: keputusan kembali ke keputusan sebelumnya."
        return
    for unreached in sorted(known - reached):
        yield f"{unreached} tidak pernah tercapai."
    if most_lost(scenario, scenario.start) > scenario.maximum:
        yield "Jumlah pengurangan pada satu jalur melebihi nilai tertinggi."


def _walk(scenario: Scenario, at: str, above: tuple[str, ...], reached: set[str]) -> bool:
    reached.add(at)
    if at in above:
        return False
    if at in scenario.endings:
        return True
    return all(_walk(scenario, choice.next, (*above, at), reached) for choice in scenario.nodes[at].choices)


def most_lost(scenario: Scenario, at: str) -> int:
    """Return the most points that any path from here can lose."""
    if at in scenario.endings:
        return 0
    return max(choice.lost + most_lost(scenario, choice.next) for choice in scenario.nodes[at].choices)


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


def load_scenarios(root: Path, registry: Registry) -> dict[str, Scenario]:
    """Read scenarios/*.yaml below `root/quizzes/content`. Raises ContentError with every finding."""
    findings: list[Finding] = []
    scenarios = {}
    for path in sorted((root / "quizzes/content/scenarios").glob("*.yaml")):
        try:
            source = read_yaml(path, root)
            scenario = validate(source, Scenario, {"id": path.stem})
            findings += citation_findings(registry, source, _citations(scenario))
            scenarios[scenario.id] = scenario
        except ContentError as error:
            findings += error.findings
    if findings:
        raise ContentError(findings)
    return scenarios


def _citations(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    for node_id, node in scenario.nodes.items():
        for number, choice in enumerate(node.choices):
            for at, one in enumerate(choice.basis):
                yield ("nodes", node_id, "choices", number, "basis", at), one

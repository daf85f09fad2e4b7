"""The item bank: questions with stable ids, and their immutable versions."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from modules.catalog import SLUG, Phase
from modules.laws import Registry, citation_findings
from modules.source import Content, ContentError, Finding, Place, read_yaml, validate

ItemType = Literal["single", "multiple", "true_false", "case"]
Difficulty = Literal["mudah", "sedang", "sukar"]
CASE_WORDS = 40


class Option(Content):
    """One option: why it is right or wrong, on which basis, and the misconception behind a wrong one."""

    text: str = Field(min_length=1, max_length=240)
    correct: bool = False
    why: str = Field(min_length=10, max_length=500)
    basis: tuple[str, ...] = Field(min_length=1)
    misconception: str | None = None

    @model_validator(mode="after")
    def _only_distractors_carry_a_misconception(self) -> "Option":
        if self.correct and self.misconception:
            raise ValueError("Pilihan yang benar tidak membawa miskonsepsi.")
        return self


class Item(Content):
    """One question. `section` names module/section to reread; `scored: false` keeps it for practice."""

    id: str = Field(pattern=SLUG)
    type: ItemType
    topic: str = Field(pattern=SLUG)
    phase: Phase
    objective: str = Field(min_length=5, max_length=160)
    difficulty: Difficulty
    stem: str = Field(min_length=10, max_length=900)
    options: tuple[Option, ...] = Field(min_length=2, max_length=6)
    section: str = Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")
    scored: bool = True
    form: Literal["A", "B"] | None = None

    @model_validator(mode="after")
    def _key_fits_type(self) -> "Item":
        right = sum(option.correct for option in self.options)
        if self.type == "multiple" and not 2 <= right < len(self.options):
            raise ValueError("Soal jamak perlu dua pilihan benar atau lebih, dan paling sedikit satu yang salah.")
        if self.type != "multiple" and right != 1:
            raise ValueError("Tepat satu pilihan harus benar.")
        if self.type == "true_false" and [option.text for option in self.options] != ["Benar", "Salah"]:
            raise ValueError("Pilihan soal benar-salah harus Benar lalu Salah.")
        if self.type == "case" and len(self.stem.split()) < CASE_WORDS:
            raise ValueError(f"Kasus paling sedikit {CASE_WORDS} kata.")
        return self

    @cached_property
    def content(self) -> str:
        """Canonical JSON of the item, as stored with a version."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def version(self) -> str:
        """SHA-256 of the content: each change of wording is a new version."""
        return sha256(self.content.encode()).hexdigest()


class Misconception(Content):
    """A wrong idea that distractors stand for."""

    id: str = Field(pattern=SLUG)
    name: str = Field(min_length=5, max_length=80)
    correction: str = Field(min_length=10)


class Labels(Content):
    """Names of topics and misconceptions (quizzes/content/labels.yaml)."""

    topics: dict[str, str] = Field(min_length=1)
    misconceptions: tuple[Misconception, ...] = Field(min_length=1)


class Items(Content):
    """One file of the bank."""

    items: tuple[Item, ...] = Field(min_length=1)


class Bank(Content):
    """All items and their labels."""

    labels: Labels
    items: tuple[Item, ...]

    def item(self, item_id: str) -> Item:
        """Return an item by id. Raises KeyError."""
        return self._by_id[item_id]

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}


def item_from(content: str) -> Item:
    """Return the item that a stored version holds."""
    return Item.model_validate_json(content)


def load_bank(root: Path, registry: Registry) -> Bank:
    """Read labels.yaml and bank/*.yaml below `root/quizzes/content`. Raises ContentError with every finding."""
    folder = root / "quizzes/content"
    labels = validate(read_yaml(folder / "labels.yaml", root), Labels)
    findings: list[Finding] = []
    items: list[Item] = []
    for path in sorted((folder / "bank").glob("*.yaml")):
        try:
            items += _load_file(path, root, registry, labels)
        except ContentError as error:
            findings += error.findings
    doubled = [item_id for item_id, count in Counter(item.id for item in items).items() if count > 1]
    for item_id in doubled:
        mend = "Beri id lain pada salah satunya."
        findings.append(
            Finding("quizzes/content/bank", 1, 1, "error", "item-id", f"Id soal {item_id} dipakai dua kali.", mend)
        )
    if findings:
        raise ContentError(findings)
    return Bank(labels=labels, items=tuple(items))


def _load_file(path: Path, root: Path, registry: Registry, labels: Labels) -> tuple[Item, ...]:
    source = read_yaml(path, root)
    items = validate(source, Items).items
    findings = citation_findings(registry, source, _citations(items))
    tags = {misconception.id for misconception in labels.misconceptions}
    for index, item in enumerate(items):
        if item.topic not in labels.topics:
            place: Place = ("items", index, "topic")
            findings.append(
                source.finding(
                    place, "topic-unknown", f"Topik {item.topic} tidak dikenal.", "Tambahkan ke labels.yaml."
                )
            )
        for number, option in enumerate(item.options):
            if option.misconception and option.misconception not in tags:
                place = ("items", index, "options", number, "misconception")
                message = f"Miskonsepsi {option.misconception} tidak dikenal."
                findings.append(source.finding(place, "misconception-unknown", message, "Tambahkan ke labels.yaml."))
    if findings:
        raise ContentError(findings)
    return items


def _citations(items: tuple[Item, ...]) -> Iterator[tuple[Place, str]]:
    for index, item in enumerate(items):
        for number, option in enumerate(item.options):
            for at, one in enumerate(option.basis):
                yield ("items", index, "options", number, "basis", at), one


def coverage(items: tuple[Item, ...]) -> dict[str, Any]:
    """Count scored items by type and topic."""
    scored = [item for item in items if item.scored]
    return {
        "items": len(items),
        "scored": len(scored),
        "by_type": dict(Counter(item.type for item in scored)),
        "by_topic": dict(Counter(item.topic for item in scored)),
    }

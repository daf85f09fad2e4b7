"""The item bank: questions with stable ids, and their immutable versions."""

import json
from collections import Counter
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

from pydantic import Field, model_validator

from modules.catalog import SLUG, Phase, Slug
from modules.source import Content, Flag, Mistake, Mistaken

ItemType = Literal["single", "multiple", "true_false", "case"]
Difficulty = Literal["mudah", "sedang", "sukar"]
CASE_WORDS = 40


class Option(Content):
    """One option: why it is right or wrong, on which basis, and the misconception behind a wrong one."""

    text: str = Field(min_length=1, max_length=240)
    correct: Flag = False
    why: str = Field(min_length=10, max_length=500)
    basis: tuple[str, ...] = Field(min_length=1)
    misconception: str | None = None

    @model_validator(mode="after")
    def _only_distractors_carry_a_misconception(self) -> "Option":
        if self.correct and self.misconception:
            message = "Pilihan yang benar tidak membawa miskonsepsi."
            raise Mistaken(Mistake(("misconception",), "misconception-right", message, "Hapus misconception di sini."))
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
    scored: Flag = True
    form: Literal["A", "B"] | None = None

    @model_validator(mode="after")
    def _key_fits_type(self) -> "Item":
        if mistake := _key_mistake(self):
            raise Mistaken(mistake)
        return self

    @cached_property
    def content(self) -> str:
        """Canonical JSON of the item, as stored with a version."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def version(self) -> str:
        """SHA-256 of the content: each change of wording is a new version."""
        return sha256(self.content.encode()).hexdigest()


def _key_mistake(item: Item) -> Mistake | None:
    right = sum(option.correct for option in item.options)
    if item.type == "multiple" and not 2 <= right < len(item.options):
        message = "Soal jamak perlu dua pilihan benar atau lebih, dan paling sedikit satu yang salah."
        return Mistake(("options",), "key", message, "Periksa correct pada setiap pilihan.")
    if item.type != "multiple" and right != 1:
        message = "Tepat satu pilihan harus benar."
        return Mistake(("options",), "key", message, "Tulis correct: true pada satu pilihan saja.")
    if item.type == "true_false" and [option.text for option in item.options] != ["Benar", "Salah"]:
        message = "Pilihan soal benar-salah harus Benar lalu Salah."
        return Mistake(("options",), "key", message, "Tulis dua pilihan itu saja, dalam urutan itu.")
    if item.type == "case" and (words := len(item.stem.split())) < CASE_WORDS:
        message = f"Kasus memuat {words} kata; paling sedikit {CASE_WORDS}."
        return Mistake(("stem",), "case-length", message, "Lengkapi ceritanya, atau pakai jenis single.")
    return None


class Misconception(Content):
    """A wrong idea that distractors stand for."""

    id: str = Field(pattern=SLUG)
    name: str = Field(min_length=5, max_length=80)
    correction: str = Field(min_length=10)


class Labels(Content):
    """Names of topics and misconceptions (quizzes/content/labels.yaml)."""

    topics: dict[Slug, str] = Field(min_length=1)
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


def coverage(items: tuple[Item, ...]) -> dict[str, Any]:
    """Count scored items by type and topic."""
    scored = [item for item in items if item.scored]
    return {
        "items": len(items),
        "scored": len(scored),
        "by_type": dict(Counter(item.type for item in scored)),
        "by_topic": dict(Counter(item.topic for item in scored)),
    }

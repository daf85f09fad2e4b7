"""The item bank: questions with stable ids, and their immutable versions."""

import json
from collections import Counter
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from modules.catalog import SLUG, Phase, Slug
from modules.source import Content, Flag, Mistake, Mistaken, word_count
from quizzes.forms import Form

ItemType = Literal["single", "multiple", "true_false", "case", "matching", "ordering"]
Difficulty = Literal["mudah", "sedang", "sukar"]
CASE_WORDS = 40
FEW_TARGETS, LIST_LETTERS = 3, 34
"""More targets than these stand in a list, which shows so many letters of each on a phone."""
FEWEST_TARGETS = 3
"""With two targets each pair would be a true-or-false question: half of them are right by chance."""


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


class Pair(Content):
    """One pair of a matching item: what fits what, and why. Several left sides may share a right one."""

    left: str = Field(min_length=1, max_length=160)
    right: str = Field(min_length=1, max_length=120)
    why: str = Field(min_length=10, max_length=500)
    basis: tuple[str, ...] = Field(min_length=1)


class OrderStep(Content):
    """One step of an ordering item: why it stands where it stands."""

    text: str = Field(min_length=1, max_length=160)
    why: str = Field(min_length=10, max_length=500)
    basis: tuple[str, ...] = Field(min_length=1)


class Item(Content):
    """One question. `section` names module/section to reread; `scored: false` keeps it for practice.

    What there is to answer stands in `options`, for matching in `pairs` and `decoys` (right sides that fit
    nothing), for ordering in `steps`, written in their right order.
    """

    id: str = Field(pattern=SLUG)
    type: ItemType
    topic: str = Field(pattern=SLUG)
    phase: Phase
    objective: str = Field(min_length=5, max_length=160)
    difficulty: Difficulty
    stem: str = Field(min_length=10, max_length=900)
    options: tuple[Option, ...] = Field(default=(), min_length=2, max_length=6)
    pairs: tuple[Pair, ...] = Field(default=(), min_length=3, max_length=6)
    decoys: tuple[Annotated[str, Field(min_length=1, max_length=120)], ...] = Field(default=(), max_length=3)
    steps: tuple[OrderStep, ...] = Field(default=(), min_length=3, max_length=6)
    section: str = Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")
    scored: Flag = True
    form: Form | None = None

    @model_validator(mode="after")
    def _key_fits_type(self) -> "Item":
        if mistake := _key_mistake(self):
            raise Mistaken(mistake)
        return self

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Right sides of a matching item, each once, and the decoys after them."""
        return tuple(dict.fromkeys((*(pair.right for pair in self.pairs), *self.decoys)))

    @property
    def parts(self) -> tuple[Pair, ...] | tuple[OrderStep, ...]:
        """What is explained one by one in matching and ordering items; empty in the others."""
        return self.pairs or self.steps

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Every text that an answer can be made of."""
        return self.targets or (*(one.text for one in self.options), *(one.text for one in self.steps))

    @property
    def key(self) -> tuple[str, ...]:
        """The texts of the key."""
        right = (option.text for option in self.options if option.correct)
        return (*right, *(pair.right for pair in self.pairs), *(step.text for step in self.steps))

    @cached_property
    def content(self) -> str:
        """Canonical JSON of the item, as stored with a version; what its type does not use is left out."""
        used = {name: value for name, value in self.model_dump().items() if value != ()}
        return json.dumps(used, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def version(self) -> str:
        """SHA-256 of the content: each change of wording is a new version."""
        return sha256(self.content.encode()).hexdigest()


_PARTS: dict[str, str] = {"matching": "pairs", "ordering": "steps"}


def _key_mistake(item: Item) -> Mistake | None:
    wanted = _PARTS.get(item.type, "options")
    given = [name for name in ("options", "pairs", "decoys", "steps") if getattr(item, name)]
    if wanted not in given:
        message = f"Soal jenis {item.type} memerlukan {wanted}."
        return Mistake((), "key", message, f"Tulis {wanted} pada soal ini, atau ganti jenisnya.")
    for name in given:
        if name not in (wanted, "decoys" if item.pairs else ""):
            message = f"Soal jenis {item.type} tidak memakai {name}."
            return Mistake((name,), "key", message, f"Hapus {name}, atau ganti jenis soalnya.")
    return _options_mistake(item) if item.options else _targets_mistake(item)


def _targets_mistake(item: Item) -> Mistake | None:
    if item.pairs and len(item.targets) < FEWEST_TARGETS:
        message = f"Hanya ada {len(item.targets)} pasangan yang berbeda; paling sedikit {FEWEST_TARGETS}."
        return Mistake(("pairs",), "key", message, "Tambahkan pasangan lain atau decoys.")
    longest = max(item.targets, key=len, default="")
    if len(item.targets) > FEW_TARGETS and len(longest) > LIST_LETTERS:
        message = f"Sisi kanan terpotong di ponsel: {longest}."
        mend = f"Ringkas sampai {LIST_LETTERS} huruf, atau pakai paling banyak {FEW_TARGETS} pasangan berbeda."
        return Mistake(("pairs",), "target-length", message, mend)
    return None


def _options_mistake(item: Item) -> Mistake | None:
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
    if item.type == "case" and (words := word_count(item.stem)) < CASE_WORDS:
        message = f"Kasus memuat {words} kata; paling sedikit {CASE_WORDS}."
        return Mistake(("stem",), "case-length", message, "Lengkapi ceritanya, atau pakai jenis single.")
    return None


class Misconception(Content):
    """A wrong idea that distractors stand for."""

    id: str = Field(pattern=SLUG)
    name: str = Field(min_length=5, max_length=80)
    correction: str = Field(min_length=10)


class Labels(Content):
    """Names of topics and misconceptions, and in which phases the law fills a topic (quizzes/content/labels.yaml)."""

    topics: dict[Slug, str] = Field(min_length=1)
    law_fills: dict[Slug, tuple[Phase, ...]] = Field(default={})
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

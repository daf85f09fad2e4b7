"""What content is made of: findings, sources that know the place of every value, and models that hold them."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

Place = tuple[str | int, ...]
_LETTER = re.compile(r"[^\W_]")
Severity = Literal["error", "warning"]
# More from one file help nobody, and a hostile file could have as many as it has lines.
MOST_FINDINGS = 100
Model = TypeVar("Model", bound=BaseModel)


class Content(BaseModel):
    """Base of every content model: immutable, no unknown fields; spaces around a text are no part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong with the content, with its place and the mend (both shown in Indonesian)."""

    file: str
    line: int
    column: int
    severity: Severity
    rule: str
    message: str
    mend: str

    def __str__(self) -> str:
        kind = "Peringatan: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}{self.message} {self.mend}"


class ContentError(Exception):
    """Content cannot be used; carries every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = list(findings)


@dataclass(frozen=True)
class Mistake:
    """What a model finds wrong with itself, at a place below it."""

    place: Place
    rule: str
    message: str
    mend: str


class Mistaken(ValueError):
    """Raised by a model's own validator; carries every mistake, so that each gets its true line."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


Link = tuple[Any, str | int]
"""A place on the way down: the link of the holder (None at the top) and the key; made into a Place when needed."""


def place_of(link: Link | None) -> Place:
    """Return the place that a link stands for."""
    place: Place = ()
    while link is not None:
        link, key = link
        place = (key, *place)
    return place


@dataclass(frozen=True, eq=False)
class Source:
    """A parsed file: its value, where each part of it stands, and for Markdown the body below its head.

    `marks` mirrors `value`: the offset of a text, for a list or mapping its offset and the marks of what it holds.
    Offsets are plain numbers, so that a bank of thousands of items gives the garbage collector little to walk.
    """

    file: str
    value: Any
    marks: Any = field(repr=False, default=0)
    holders: list[tuple[Link | None, Any]] = field(repr=False, default_factory=list)
    """Every mapping and list of the file with its link, the outer ones first."""
    text: str = field(repr=False, default="")
    body: str = field(repr=False, default="")
    body_line: int = 1

    def position(self, place: Place) -> tuple[int, int]:
        """Return line and column, both from 1: of the place itself or of what holds it."""
        return self._at(self._offset(place))

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def _offset(self, place: Place) -> int:
        marks = self.marks
        for part in place:
            try:
                marks = marks[1][part]
            except (KeyError, IndexError, TypeError):
                break
        offset: int = marks if isinstance(marks, int) else marks[0]
        return offset

    def phrase_position(self, place: Place, phrase: str) -> tuple[int, int]:
        """Return where a phrase of a (perhaps folded) text begins; the text itself when it is not found."""
        start = self._offset(place)
        found = self.text.find(" ".join(phrase.split()[:4]), start)
        if found < 0 and (folded := re.search(r"\s+".join(map(re.escape, phrase.split()[:4])), self.text[start:])):
            found = start + folded.start()
        return self._at(max(found, start))

    def finding(self, place: Place, rule: str, message: str, mend: str, severity: Severity = "error") -> Finding:
        """Make a finding at a place of this file."""
        return Finding(self.file, *self.position(place), severity, rule, message, mend)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def word_count(text: str) -> int:
    """Return the number of words in a text; marks that stand alone are none."""
    return sum(_LETTER.search(word) is not None for word in text.split())


def one_finding(file: str, at: tuple[int, int], rule: str, message: str, mend: str) -> ContentError:
    """Return the error that carries one finding."""
    return ContentError([Finding(file, *at, "error", rule, message, mend)])


def _written(pattern: str, message: str) -> BeforeValidator:
    # pydantic alone would take "yes" for true, "1_0" for 10 and "86400" for a day in 1970.
    compiled = re.compile(pattern)

    def refuse_other_spellings(value: Any) -> Any:
        if isinstance(value, str) and not compiled.fullmatch(value):
            raise PydanticCustomError("implicit", message)
        return value

    return BeforeValidator(refuse_other_spellings)


Flag = Annotated[bool, _written("true|false", "Tulis true atau false.")]
Whole = Annotated[int, _written("0|[1-9][0-9]{0,8}", "Tulis bilangan bulat dengan angka biasa.")]
Day = Annotated[date, _written("[0-9]{4}-[0-9]{2}-[0-9]{2}", "Tulis tanggal seperti 2026-11-21.")]


_MESSAGES = {
    "missing": ("missing", "Isian {name} belum ada.", "Tambahkan isian itu."),
    "extra_forbidden": ("unknown-field", "Isian {name} tidak dikenal.", "Periksa ejaannya atau hapus."),
    "literal_error": ("choice", "Isian {name} bukan pilihan yang sah.", "Pilih salah satu: {expected}."),
    "string_pattern_mismatch": ("pattern", "Isian {name} tidak sesuai pola.", "Ikuti pola {pattern}."),
    "too_short": ("length", "Isian {name} memuat terlalu sedikit butir.", "Isi paling sedikit {min_length}."),
    "too_long": ("length", "Isian {name} memuat terlalu banyak butir.", "Sisakan paling banyak {max_length}."),
    "string_too_short": ("length", "Isian {name} terlalu pendek.", "Tulis paling sedikit {min_length} huruf."),
    "string_too_long": ("length", "Isian {name} terlalu panjang.", "Ringkas sampai {max_length} huruf."),
    "greater_than_equal": ("range", "Isian {name} terlalu kecil.", "Isi paling sedikit {ge}."),
    "less_than_equal": ("range", "Isian {name} terlalu besar.", "Isi paling banyak {le}."),
    "implicit": ("implicit-type", "Isian {name} tidak tertulis sebagai nilai baku.", "{text}"),
    "string_type": ("type", "Isian {name} harus berupa teks.", "Isi dengan teks, atau hapus isian itu."),
    "tuple_type": ("type", "Isian {name} harus berupa daftar.", "Tulis setiap butir sesudah tanda hubung."),
}
_OTHER = ("type", "Isian {name} tidak terbaca.", "Ikuti contoh dalam docs/writing-content.md.")


def validate(source: Source, model: type[Model], extra: dict[str, Any] | None = None) -> Model:
    """Turn a parsed file into its model. Raises ContentError with one finding per mistake."""
    value = source.value if source.value is not None else {}
    extra = extra or {}
    if isinstance(value, dict):
        if taken := [source.finding((key,), *_words("extra_forbidden", key, {})) for key in extra if key in value]:
            raise ContentError(taken)
        value = {**value, **extra}
    found: list[Finding] = []
    try:
        read = model.model_validate(value)
    except ValidationError as error:
        found = [one for item in islice(_first_errors(error), MOST_FINDINGS) for one in _findings(source, item)]
    told = {(one.line, one.column) for one in found}
    found += islice((one for one in _hollow(source) if (one.line, one.column) not in told), MOST_FINDINGS)
    if found:
        raise ContentError(found[:MOST_FINDINGS])
    return read


def _hollow(source: Source) -> Iterator[Finding]:
    """Yield texts without a letter or digit: dots in place of an explanation. What is left empty says so itself."""
    for link, holder in source.holders:
        named = isinstance(holder, dict)
        for key, text in holder.items() if named else enumerate(holder):
            if type(text) is str and not _LETTER.search(text) and (text or not named):
                place = (*place_of(link), key)
                name = ".".join(str(part) for part in place)
                mend = "Tulis isinya, atau hapus isian itu."
                yield source.finding(place, "no-text", f"Isian {name} tidak memuat huruf atau angka.", mend)


def _first_errors(error: ValidationError) -> Iterator[Any]:
    # A list with a faulty entry counts as too short as well: that is the same mistake told twice.
    items = error.errors(include_url=False)
    holders = {item["loc"][:end] for item in items for end in range(len(item["loc"]))}
    return (item for item in items if item["type"] != "too_short" or item["loc"] not in holders)


def _findings(source: Source, item: Any) -> list[Finding]:
    place, context = tuple(item["loc"]), item.get("ctx", {})
    if isinstance(own := context.get("error"), Mistaken):
        return [source.finding((*place, *one.place), one.rule, one.message, one.mend) for one in own.mistakes]
    name = ".".join(str(part) for part in place) or "berkas"
    return [source.finding(place, *_words(item["type"], name, {**context, "text": item["msg"]}))]


def _words(kind: str, name: str, context: dict[str, Any]) -> tuple[str, str, str]:
    rule, message, mend = _MESSAGES.get(kind, _OTHER)
    return rule, message.format(name=name), mend.format(**context).replace(" or ", " atau ")

"""Reads content files strictly: bounded YAML, every scalar as text, every value with its place in the file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class Content(BaseModel):
    """Base of every content model: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the content, with its place and the mend (both shown in Indonesian)."""

    file: str
    line: int
    column: int
    severity: str
    rule: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message} {self.mend}"


class ContentError(Exception):
    """Content cannot be used; carries every finding."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True)
class Source:
    """A parsed file: its value, and the (line, column) of each place in it, both from 1."""

    file: str
    value: Any
    positions: dict[Place, tuple[int, int]]
    body: str = ""

    def position(self, place: Place) -> tuple[int, int]:
        """Return the nearest known position: of the place itself or of what holds it."""
        while place and place not in self.positions:
            place = place[:-1]
        return self.positions.get(place, (1, 1))

    def finding(self, place: Place, rule: str, message: str, mend: str, severity: str = "error") -> Finding:
        """Make a finding at a place of this file."""
        line, column = self.position(place)
        return Finding(self.file, line, column, severity, rule, message, mend)


@dataclass
class _Level:
    """One open mapping or list while the events of a file are read."""

    place: Place
    value: Any
    key: str | None = None

    def next_place(self) -> Place:
        return (*self.place, len(self.value) if self.key is None else self.key)


@dataclass
class _Builder:
    """Builds plain values from YAML events without recursion, so that no file can exhaust the stack."""

    file: str
    first_line: int
    positions: dict[Place, tuple[int, int]] = field(default_factory=dict)
    levels: list[_Level] = field(default_factory=list)
    result: Any = None
    nodes: int = 0

    def build(self, events: Iterator[Any]) -> Any:
        for event in events:
            self.take(event)
        return self.result

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(event, "yaml-alias", "Jangkar dan alias YAML tidak dipakai.", "Tulis isinya sekali lagi.")
        if isinstance(event, yaml.NodeEvent) and (tag := getattr(event, "tag", None)) and tag != "!":
            self.refuse(event, "yaml-tag", f"Tag YAML {tag!r} tidak dipakai.", "Hapus tag itu.")
        if isinstance(event, yaml.ScalarEvent):
            plain_empty = event.value == "" and event.style is None
            self.scalar(event, None if plain_empty else event.value)
        elif isinstance(event, yaml.MappingStartEvent):
            self.open(event, {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self.open(event, [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self.levels.pop()

    def scalar(self, event: Any, value: str | None) -> None:
        top = self.levels[-1] if self.levels else None
        if top and isinstance(top.value, dict) and top.key is None:
            if not value or value in top.value:
                reason = "Kunci kosong." if not value else f"Kunci {value!r} tertulis dua kali."
                self.refuse(event, "yaml-key", reason, "Sisakan satu kunci dengan nama yang jelas.")
            top.key = value
            return
        self.put(event, value)

    def open(self, event: Any, value: Any) -> None:
        if self.levels and isinstance(self.levels[-1].value, dict) and self.levels[-1].key is None:
            self.refuse(event, "yaml-key", "Kunci harus berupa teks.", "Ganti kunci itu dengan satu kata.")
        place = self.put(event, value)
        self.levels.append(_Level(place, value))
        if len(self.levels) > MAX_DEPTH:
            self.refuse(event, "yaml-depth", f"Susunan lebih dari {MAX_DEPTH} tingkat.", "Sederhanakan susunannya.")

    def put(self, event: Any, value: Any) -> Place:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(
                event, "yaml-size", f"Berkas memuat lebih dari {MAX_NODES} nilai.", "Pecah menjadi beberapa berkas."
            )
        if not self.levels:
            self.result = value
            place: Place = ()
        else:
            top = self.levels[-1]
            place = top.next_place()
            if top.key is None:
                top.value.append(value)
            else:
                top.value[top.key], top.key = value, None
        self.positions[place] = self.at(event.start_mark)
        return place

    def at(self, mark: Any) -> tuple[int, int]:
        return (mark.line + self.first_line, mark.column + 1)

    def refuse(self, event: Any, rule: str, message: str, mend: str) -> None:
        raise ContentError([Finding(self.file, *self.at(event.start_mark), "error", rule, message, mend)])


def parse_yaml(text: str, *, file: str, first_line: int = 1, body: str = "") -> Source:
    """Parse one YAML document; every scalar stays text (no `no` -> False, no `0123` -> 83).

    Raises ContentError naming line and column for bad syntax, aliases, tags, duplicate keys and oversize.
    """
    builder = _Builder(file, first_line)
    try:
        value = builder.build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = builder.at(mark) if mark else (first_line, 1)
        message = "Susunan YAML tidak terbaca."
        raise ContentError(
            [
                Finding(
                    file,
                    line,
                    column,
                    "error",
                    "yaml-syntax",
                    message,
                    "Periksa tanda titik dua, kutip, dan spasi di awal baris.",
                )
            ]
        ) from error
    except yaml.YAMLError as error:
        mend = "Hapus huruf yang tidak terlihat, lalu simpan ulang sebagai UTF-8."
        raise ContentError(
            [Finding(file, first_line, 1, "error", "yaml-syntax", "Berkas memuat huruf terlarang.", mend)]
        ) from error
    return Source(file, value, builder.positions, body)


def read_text(path: Path, root: Path) -> tuple[str, str]:
    """Return a content file's name relative to the root, and its text. Raises ContentError."""
    name = path.relative_to(root).as_posix()
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ContentError(
            [
                Finding(
                    name, 1, 1, "error", "missing-file", "Berkas tidak ada.", "Buat berkas itu atau perbaiki namanya."
                )
            ]
        ) from error
    if len(raw) > MAX_BYTES:
        raise ContentError(
            [Finding(name, 1, 1, "error", "yaml-size", "Berkas lebih dari 1 MB.", "Pecah menjadi beberapa berkas.")]
        )
    try:
        return name, raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ContentError(
            [Finding(name, line, 1, "error", "encoding", "Berkas bukan UTF-8.", "Simpan ulang sebagai UTF-8.")]
        ) from error


def read_yaml(path: Path, root: Path) -> Source:
    """Read one YAML file below the content root. Raises ContentError."""
    name, text = read_text(path, root)
    return parse_yaml(text, file=name)


def read_markdown(path: Path, root: Path) -> Source:
    """Read a Markdown file that opens with YAML between two `---` lines. Raises ContentError."""
    name, text = read_text(path, root)
    parts = text.split("\n---\n", 1)
    if not text.startswith("---\n") or len(parts) != 2:
        raise ContentError(
            [
                Finding(
                    name,
                    1,
                    1,
                    "error",
                    "front-matter",
                    "Kepala berkas tidak ada.",
                    "Awali dengan data di antara dua baris ---.",
                )
            ]
        )
    return parse_yaml(parts[0][4:], file=name, first_line=2, body=parts[1].strip())


_MESSAGES = {
    "missing": "Isian {name} belum ada.",
    "extra_forbidden": "Isian {name} tidak dikenal.",
    "literal_error": "Isian {name} bukan salah satu pilihan yang sah.",
    "string_pattern_mismatch": "Isian {name} tidak sesuai pola.",
    "too_short": "Isian {name} terlalu sedikit.",
    "too_long": "Isian {name} terlalu banyak.",
    "string_too_long": "Isian {name} terlalu panjang.",
    "string_too_short": "Isian {name} terlalu pendek.",
    "value_error": "{reason}",
}


def validate(source: Source, model: type[Model], extra: dict[str, Any] | None = None) -> Model:
    """Turn a parsed file into its model. Raises ContentError with one finding per mistake."""
    value = source.value if source.value is not None else {}
    try:
        return model.model_validate({**value, **(extra or {})} if isinstance(value, dict) else value)
    except ValidationError as error:
        raise ContentError([_finding(source, item) for item in error.errors()]) from error


def _finding(source: Source, item: Any) -> Finding:
    place = tuple(part for part in item["loc"])
    name = ".".join(str(part) for part in place) or "berkas"
    reason = str(item.get("ctx", {}).get("error", ""))
    message = _MESSAGES.get(item["type"], "Isian {name} tidak terbaca.").format(name=name, reason=reason)
    mend = f"Lihat docs/writing-content.md ({item['type']})."
    return source.finding(place, str(item["type"]), message, mend)

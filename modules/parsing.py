"""Parses YAML strictly: bounded, no aliases or tags, every scalar as text, every value with its place."""

from dataclasses import dataclass
from typing import Any

import yaml

from modules.markup import HIDDEN, value_mark
from modules.source import ContentError, Finding, Link, Source, line_and_column, one_finding

MAX_DEPTH = 20
MAX_NODES = 50_000

_SYNTAX = (
    ("mapping values are not allowed", "Beri tanda kutip pada nilai yang memuat titik dua."),
    ("cannot start any token", "Beri tanda kutip pada nilai yang diawali tanda khusus; pakai spasi, bukan tab."),
    ("found unexpected end of stream", "Tutup tanda kutip atau kurungnya."),
    ("did not find expected", "Samakan jumlah spasi di awal baris dengan baris sebelumnya."),
)


@dataclass(slots=True)
class _Level:
    """One open mapping or list while the events of a file are read."""

    value: Any
    marks: Any
    is_mapping: bool
    link: Link | None = None
    key: str | None = None
    key_offset: int = 0


class _Builder:
    """Builds plain values from YAML events without recursion, so that no file can exhaust the stack."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        # The outermost level is a list of documents, of which there may be one.
        self.top = _Level([], [], is_mapping=False)
        self.above: list[_Level] = []
        self.nodes = 0
        self.holders: list[tuple[Link | None, Any]] = []
        self.findings: list[Finding] = []

    def build(self) -> None:
        takers: dict[type[yaml.Event], Any] = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.mapping,
            yaml.SequenceStartEvent: self.sequence,
            yaml.MappingEndEvent: self.close,
            yaml.SequenceEndEvent: self.close,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }
        loader: Any = yaml.CSafeLoader(self.text)
        try:
            while type(event := loader.get_event()) is not yaml.StreamEndEvent:
                if taker := takers.get(type(event)):
                    taker(event)
        finally:
            loader.dispose()

    def document(self, event: Any) -> None:
        if event.version or event.tags:
            self.refuse(event, "yaml-directive", "Baris yang diawali % tidak dipakai.", "Hapus baris itu.")
        if self.top.value:
            self.refuse(event, "yaml-documents", "Berkas memuat lebih dari satu dokumen.", "Hapus baris --- kedua.")

    def alias(self, event: Any) -> None:
        self.refuse(event, "yaml-alias", "Jangkar dan alias YAML tidak dipakai.", "Tulis isinya sekali lagi.")

    def scalar(self, event: Any) -> None:
        if event.anchor is not None or event.tag is not None:
            self.property(event)
        value, top = event.value, self.top
        if mark := value_mark(value):
            self.note(event, value, mark)
        if top.is_mapping and top.key is None:
            if not value or value in top.value:
                reason = f"Kunci {value} tertulis dua kali." if value else "Kunci kosong."
                self.refuse(event, "yaml-key", reason, "Sisakan satu kunci dengan nama yang jelas.")
            self.nodes += 1
            top.key, top.key_offset = value, event.start_mark.index
        else:
            self.put(event, value if value or event.style else None, event.start_mark.index)

    def mapping(self, event: Any) -> None:
        self.open(event, _Level({}, {}, is_mapping=True))

    def sequence(self, event: Any) -> None:
        self.open(event, _Level([], [], is_mapping=False))

    def open(self, event: Any, level: _Level) -> None:
        if event.anchor is not None or event.tag is not None:
            self.property(event)
        if self.top.is_mapping and self.top.key is None:
            self.refuse(event, "yaml-key", "Kunci harus berupa teks.", "Ganti kunci itu dengan satu kata.")
        if len(self.above) == MAX_DEPTH:
            self.refuse(event, "yaml-depth", f"Susunan lebih dari {MAX_DEPTH} tingkat.", "Sederhanakan susunannya.")
        # What a key holds may begin a line later; people look for the key.
        top, offset = self.top, event.start_mark.index
        if top.is_mapping:
            level.link, offset = (top.link, top.key or ""), top.key_offset
        elif self.above:
            level.link = (top.link, len(top.value))
        self.put(event, level.value, (offset, level.marks))
        self.holders.append((level.link, level.value))
        self.above.append(top)
        self.top = level

    def close(self, _event: Any) -> None:
        self.top = self.above.pop()

    def put(self, event: Any, value: Any, marks: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"Berkas memuat lebih dari {MAX_NODES} isian dan nilai."
            self.refuse(event, "yaml-size", message, "Pecah menjadi beberapa berkas.")
        top = self.top
        if top.is_mapping:
            top.value[top.key], top.marks[top.key] = value, marks
            top.key = None
        else:
            top.value.append(value)
            top.marks.append(marks)

    def property(self, event: Any) -> None:
        if event.anchor is not None:
            self.alias(event)
        self.refuse(event, "yaml-tag", f"Tag YAML {event.tag} tidak dipakai.", "Hapus tag itu.")

    def note(self, event: Any, value: str, mark: tuple[int, str, str, str]) -> None:
        # Folding moves lines and escapes hide letters: look for the letters as they are written, else name the value.
        start = event.start_mark.index
        written = self.text.find(value[mark[0] : mark[0] + 2].rstrip(), start, event.end_mark.index)
        at = line_and_column(self.text, max(written, start))
        self.findings.append(Finding(self.file, *at, "error", *mark[1:]))

    def refuse(self, event: Any, rule: str, message: str, mend: str) -> None:
        mark = event.start_mark
        raise one_finding(self.file, (mark.line + 1, mark.column + 1), rule, message, mend)


def parse_yaml(text: str, *, file: str) -> Source:
    """Parse one YAML document; every scalar stays text (no `no` -> False, no `0123` -> 83).

    Raises ContentError naming line and column for bad syntax, aliases, tags, duplicate keys, oversize,
    and for texts that carry more than plain sentences.
    """
    # A tab is whitespace to YAML; where it does harm the parser says so.
    if hidden := HIDDEN.search(text.replace("\t", " ")):
        message = f"Ada huruf tak terlihat U+{ord(hidden.group()):04X}."
        at = line_and_column(text, hidden.start())
        raise one_finding(file, at, "hidden-character", message, "Hapus huruf itu, lalu simpan sebagai UTF-8.")
    builder = _Builder(file, text)
    try:
        builder.build()
    except yaml.YAMLError as error:
        raise _syntax(file, text, error) from error
    if builder.findings:
        raise ContentError(builder.findings)
    value, marks = (builder.top.value, builder.top.marks) if builder.top.value else ([None], [0])
    return Source(file, value[0], marks[0], builder.holders, text)


def _syntax(file: str, text: str, error: yaml.YAMLError) -> ContentError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    # The parser counts a last line without its end as two.
    at = line_and_column(text, min(mark.index, len(text))) if mark else (1, 1)
    problem = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    known = (mend for words, mend in _SYNTAX if words in problem)
    mend = next(known, "Periksa tanda titik dua, kutip, dan spasi di awal baris.")
    return one_finding(file, at, "yaml-syntax", "Susunan YAML tidak terbaca.", mend)

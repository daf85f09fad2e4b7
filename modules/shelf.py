"""The content files below one root: each is read once, bounded, and stays together with its places and its model."""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from modules.markup import body_marks
from modules.parsing import parse_yaml
from modules.source import Content, ContentError, Finding, Source, line_and_column, one_finding, validate

MAX_BYTES = 1_000_000
Model = TypeVar("Model", bound=Content)

_SLUG = re.compile(r"[a-z0-9-]+")
_HEAD_END = re.compile(r"^---[ ]*$", re.MULTILINE)


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the search for cyclic garbage: content is trees, and thousands of items make many to search in vain."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


class Shelf:
    """Reads content files below a root and collects what is wrong with them instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self._read: dict[str, tuple[Source, Content]] = {}
        self._tried: set[str] = set()

    def names(self, pattern: str) -> list[str]:
        """Return the names of files that match, relative to the root, in order."""
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.glob(pattern))

    def holds(self, name: str) -> bool:
        """True when there is such a file."""
        return (self.root / name).is_file()

    def tried(self, name: str) -> bool:
        """True when the file was asked for, whether or not it could be used."""
        return name in self._tried

    def yaml(self, name: str, model: type[Model], **extra: Any) -> Model | None:
        """Read a YAML file as a model; None when it cannot be used, and then the findings say why."""
        return self._take(name, model, extra, markdown=False)

    def markdown(self, name: str, model: type[Model]) -> Model | None:
        """Read a Markdown file whose head is YAML; the model gets `id` (from the file name) and `body`."""
        return self._take(name, model, {"id": PurePosixPath(name).stem}, markdown=True)

    def of(self, model: type[Model]) -> Iterator[tuple[Source, Model]]:
        """Yield every file that was read as this model."""
        return ((source, value) for source, value in self._read.values() if type(value) is model)

    def sources(self) -> Iterator[Source]:
        """Yield every file that was read."""
        return (source for source, _ in self._read.values())

    def source(self, name: str) -> Source:
        """Return a file that was read. Raises KeyError."""
        return self._read[name][0]

    def _take(self, name: str, model: type[Model], extra: dict[str, Any], *, markdown: bool) -> Model | None:
        self._tried.add(name)
        try:
            text = self._text(name)
            source = parse_markdown(text, file=name) if markdown else parse_yaml(text, file=name)
            value = validate(source, model, {**extra, "body": source.body} if markdown else extra)
        except ContentError as error:
            self.findings += error.findings
            return None
        self._read[name] = source, value
        return value

    def _text(self, name: str) -> str:
        if not all(_SLUG.fullmatch(part) for part in PurePosixPath(name).with_suffix("").parts):
            mend = "Pakai huruf kecil, angka, dan tanda hubung."
            raise one_finding(name, (1, 1), "file-name", "Nama berkas atau foldernya tidak sesuai pola.", mend)
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            mend = "Ganti tautan itu dengan berkasnya."
            raise one_finding(name, (1, 1), "unreadable", "Berkas menunjuk ke luar folder materi.", mend)
        raw = _bytes(path, name)
        if raw.startswith(b"\xef\xbb\xbf"):
            raw = raw[3:]
            self._warn(name, 1, "bom", "Berkas diawali tanda BOM.", "Simpan ulang sebagai UTF-8 tanpa BOM.")
        if b"\r\n" in raw:
            line = raw[: raw.index(b"\r\n")].count(b"\n") + 1
            self._warn(name, line, "line-ending", "Baris berakhir CRLF.", "Simpan ulang dengan akhir baris LF.")
            raw = raw.replace(b"\r\n", b"\n")
        return _decoded(raw, name)

    def _warn(self, name: str, line: int, rule: str, message: str, mend: str) -> None:
        self.findings.append(Finding(name, line, 1, "warning", rule, message, mend))


def _bytes(path: Path, name: str) -> bytes:
    if not path.is_file():
        mend = "Buat berkas itu atau perbaiki namanya."
        raise one_finding(name, (1, 1), "missing-file", "Berkas tidak ada.", mend)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        mend = "Periksa izin berkas itu."
        raise one_finding(name, (1, 1), "unreadable", "Berkas tidak dapat dibuka.", mend) from error
    if len(raw) > MAX_BYTES:
        raise one_finding(name, (1, 1), "yaml-size", "Berkas lebih dari 1 MB.", "Pecah menjadi beberapa berkas.")
    return raw


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        at = line_and_column(before, len(before))
        raise one_finding(name, at, "encoding", "Berkas bukan UTF-8.", "Simpan ulang sebagai UTF-8.") from error


def parse_markdown(text: str, *, file: str) -> Source:
    """Parse a Markdown file that opens with YAML between two `---` lines. Raises ContentError."""
    end = _HEAD_END.search(text, 4) if text.startswith("---\n") else None
    if end is None:
        mend = "Awali dengan data di antara dua baris ---."
        raise one_finding(file, (1, 1), "front-matter", "Kepala berkas tidak ada.", mend)
    # Spaces in place of the first line keep every offset and line as in the file.
    head = parse_yaml("   " + text[3 : end.start()], file=file)
    body = text[end.end() :]
    marks = [
        Finding(file, *line_and_column(text, end.end() + offset), "error", rule, message, mend)
        for offset, rule, message, mend in body_marks(body)
    ]
    if marks:
        raise ContentError(marks)
    start = end.end() + len(body) - len(body.lstrip())
    return replace(head, body=body.strip(), body_line=line_and_column(text, start)[0])

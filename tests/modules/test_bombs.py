"""Files made to exhaust a reader: each is refused with its line, within half a second of CPU and 50 MB (T42)."""

import resource
import sys
import time
from pathlib import Path

import pytest

from modules.catalog import ProgramHead
from modules.shelf import Shelf
from modules.source import Content
from quizzes.bank import Labels
from quizzes.drawing import Quizzes
from quizzes.scenarios import Scenario
from tests import tiny
from tests.figures import figure

CPU_S = 0.5
MEMORY_MB = 50

LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
YAML_BOMBS: dict[str, str | bytes] = {
    "alias laughs": LAUGHS,
    "alias to itself": "topics: &a [*a]\n",
    "alias quadratic": "a: &a " + "x" * 100_000 + "\nb: [" + "*a, " * 100_000 + "]\n",
    "alias unknown": "topics: *nowhere\n",
    "anchors, many": "".join(f"k{n}: &a{n} x\n" for n in range(50_000)),
    "merge keys": "base: &b {x: y}\ntopics:\n  <<: *b\n",
    "lists, deep, flow": "[" * 400_000,
    "lists, deep and closed": "[" * 200_000 + "]" * 200_000,
    "mappings, deep, flow": "{a: " * 200_000,
    "lists, deep, block": "- " * 300_000 + "x\n",
    "mappings, deep, block": "".join(" " * n + "a:\n" for n in range(1_300)),
    "complex keys, deep": "? " * 300_000 + "x\n",
    "list, wide": "[" + "a," * 450_000 + "a]\n",
    "mapping, wide": "".join(f"k{n}: v\n" for n in range(80_000)),
    "empty values": "[" + "," * 900_000,
    "one key many times": "a: x\n" * 190_000,
    "documents": "--- x\n" * 160_000,
    "directives": "%TAG ! tag:x,2000:\n" * 50_000 + "---\nx: y\n",
    "tag, code": "topics: !!python/object/apply:os.system [ls]\n",
    "tag, binary": "topics: !!binary " + "QUJD" * 200_000 + "\n",
    "tag, unresolved": "!<tag:x> " * 90_000 + "\n",
    "tags, many": "".join(f"k{n}: !t{n} x\n" for n in range(40_000)),
    "quote never closed": 'topics: "' + "x" * 900_000,
    "quotes, thousands": "topics: " + "'" * 899_999,
    "escapes": 'topics: "' + "\\x00" * 200_000 + '"\n',
    "key, long": "k" * 900_000 + ": v\n",
    "colons": ":" * 900_000,
    "colons and spaces": "a: " * 300_000,
    "dashes": "-" * 900_000,
    "block scalar, indented": "topics: |9\n" + " " * 900_000 + "x\n",
    "tabs": "\t" * 900_000 + "x: y\n",
    "spaces, then nothing sound": " " * 900_000 + "]\n",
    "comments, then a fault": "# x\n" * 220_000 + "topics: [\n",
    "zero bytes": b"\x00" * 900_000,
    "UTF-16": ("topics: {}\n" * 10_000).encode("utf-16"),
    "UTF-8, overlong": b"topics: \xc0\xaf\n" * 1_000,
    "UTF-8, cut": b"topics: \xf0\x9f\x98",
    "more than a megabyte": "# x\n" * 300_000,
    "markup": "topics:\n  a: " + "<a" * 400_000 + "\n",
    "markup, colons": "topics:\n  a: x" + ":a" * 400_000 + "\n",
}
DIAMONDS = (
    """\
title: Berlian
phase: C
story: Setiap keputusan bercabang dua.
lesson: Jumlah jalurnya dua pangkat banyak.
maximum: 1
start: n0
nodes:
"""
    + "".join(
        f"  n{n}:\n    title: Simpang\n    text: Anda berada di persimpangan jalan.\n    choices:\n"
        + "".join(
            f"      - {{id: {way}, text: Jalan saja., consequence: Anda berjalan terus ke depan., basis: [uu-1], "
            f"lost: 1, next: n{n + 1}}}\n"
            for way in "ab"
        )
        for n in range(1_000)
    )
    + "endings:\n  n1000: {title: Sampai, text: Anda sampai di tujuan akhir., tone: aman}\n"
)
PROGRAM = tiny.FILES["modules/content/uji/program.yaml"]
QUIZ = tiny.FILES["quizzes/content/uji/quizzes.yaml"]
TYPED_BOMBS: dict[str, tuple[type[Content], str]] = {
    "scenario of two to the thousandth paths": (Scenario, DIAMONDS),
    "scenario in one long circle": (Scenario, DIAMONDS.replace("next: n1000", "next: n0")),
    "number of a million digits": (Quizzes, QUIZ.replace("count: 2", "count: " + "9" * 900_000)),
    "certificate number of gigabytes": (ProgramHead, PROGRAM.replace("{sequence:04d}", "{sequence:09999999999d}")),
    "certificate number with attributes": (ProgramHead, PROGRAM.replace("{code}", "{code.__class__.__mro__}")),
    "steps, thousands": (ProgramHead, PROGRAM.replace("steps:\n", "steps:\n" + "  - {id: a, kind: x}\n" * 9_000)),
}


BOMBS: list[tuple[str, type[Content], str | bytes]] = [(name, Labels, raw) for name, raw in YAML_BOMBS.items()]
BOMBS += [(name, model, raw) for name, (model, raw) in TYPED_BOMBS.items()]


@pytest.mark.figure
def test_bombs_are_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    # Three goes each: processor time grows where others share the caches, a bomb grows without end.
    missed = [name for name, model, raw in BOMBS if not any(refused(tmp_path, raw, model) for _ in range(3))]
    figure("T42", len(BOMBS) - len(missed), len(BOMBS), f"bombs refused, each within {CPU_S} s CPU and {MEMORY_MB} MB")
    assert missed == []
    assert len(BOMBS) >= 30


def refused(root: Path, raw: str | bytes, model: type[Content]) -> bool:
    """True when reading ends at once, without a model and with findings that have a line."""
    raw = raw.encode("utf-8") if isinstance(raw, str) else raw
    (root / "bom.yaml").write_bytes(raw)
    shelf, memory, begun = Shelf(root), _peak_mb(), time.process_time()
    value = shelf.yaml("bom.yaml", model, **({"id": "bom"} if model is Scenario else {}))
    within = time.process_time() - begun <= CPU_S and _peak_mb() - memory <= MEMORY_MB
    lines = raw.count(b"\n") + 1
    placed = all(1 <= one.line <= lines and one.column >= 1 for one in shelf.findings)
    return value is None and within and placed and bool(shelf.findings)


def test_sound_file_is_not_counted_as_refused(tmp_path: Path) -> None:
    assert not refused(tmp_path, tiny.FILES["quizzes/content/labels.yaml"], Labels)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)

"""Whatever a content file holds: it is valid, or it is refused with findings that have a line. Nothing else happens."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from modules.parsing import parse_yaml
from modules.source import ContentError, Finding
from quizzes.checking import report
from tests import tiny
from tests.figures import count, figure

# In rounds with a seed of their own: one long run would remember every example, by the hundred megabytes.
ROUNDS, TEXTS, FILES = count(1, 20), count(300, 1_000), count(40, 100)
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}

FRAGMENTS = (
    "a b satu no yes ~ null 0123 12:30 1e3 <<: *a &a !!str !x | > |+ >- --- ... %YAML ? - : , [ ] { } # ' \" \\x00"
)
_words = st.sampled_from(FRAGMENTS.split(" "))
_scalars = st.one_of(_words, st.text(max_size=12), st.text("abc:#-[]{}&*!|>'\" \n", max_size=20))


def _list(items: list[str]) -> str:
    return "[" + ", ".join(items) + "]"


def _mapping(pairs: dict[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"


def _block(items: list[str]) -> str:
    return "".join(f"\n- {item}" for item in items).replace("\n", "\n  ")


def _holders(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists, pairs = st.lists(below, max_size=4), st.dictionaries(_words, below, max_size=4)
    return st.one_of(lists.map(_list), lists.map(_block), pairs.map(_mapping))


_values = st.recursive(_scalars, _holders, max_leaves=12)
documents = st.lists(st.tuples(_words, _values), max_size=6).map(lambda rows: "\n".join(f"{k}: {v}" for k, v in rows))


def findings_of(text: str) -> list[Finding]:
    """Parse a text; return what is wrong with it. Any other exception fails the test."""
    try:
        parse_yaml(text, file="x")
    except ContentError as error:
        return error.findings or [Finding("x", 0, 0, "error", "", "", "")]
    return []


@settings(max_examples=TEXTS, **QUIET)  # type: ignore[arg-type]
@given(st.one_of(documents, st.text(max_size=200)))
def parse_any_text(text: str) -> None:
    """Any text is parsed, or refused with findings at lines of it."""
    lines = text.count("\n") + 1
    assert all(1 <= one.line <= lines and one.column >= 1 and one.mend for one in findings_of(text))


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(_scalars.map(str.encode), st.binary(max_size=6))),
    min_size=1,
    max_size=4,
)


@settings(max_examples=FILES, **QUIET)  # type: ignore[arg-type]
@given(st.sampled_from(sorted(tiny.FILES)), edits)
def report_any_change(name: str, changes: list[tuple[float, int, bytes]]) -> None:
    """Any change of bytes in one file is harmless, or reported at lines of the files named."""
    raw = tiny.FILES[name].encode()
    for share, length, new in changes:
        at = int(share * len(raw))
        raw = raw[:at] + new + raw[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        root = tiny.build(Path(folder))
        (root / name).write_bytes(raw)
        findings = report(root, today=tiny.TODAY).findings
        paths = {one.file: root / one.file for one in findings}
        lines = {file: path.read_bytes().count(b"\n") + 1 for file, path in paths.items() if path.is_file()}
    assert all(1 <= one.line <= lines.get(one.file, 1) and one.column >= 1 and one.mend for one in findings)


@pytest.mark.figure
def test_anything_is_valid_or_refused_with_a_line() -> None:
    for number in range(ROUNDS):
        seed(number)(parse_any_text)()
        seed(number)(report_any_change)()
    figure("T42", ROUNDS * TEXTS, ROUNDS * TEXTS, "generated texts parsed or refused with a line")
    figure("T42", ROUNDS * FILES, ROUNDS * FILES, "changed files valid or refused with a line")

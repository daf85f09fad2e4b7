"""YAML is read as text with places: no trap of its implicit types, no place lost in folded or quoted texts."""

from collections.abc import Iterator
from datetime import date
from typing import Any, get_args

import pytest
from pydantic import Field

import quizzes.content  # noqa: F401  (defines the models of all content)
from modules.parsing import parse_yaml
from modules.shelf import parse_markdown
from modules.source import Content, ContentError, Day, Flag, Whole, validate

# What YAML 1.1 readers turn into truth values, nothing, numbers in five notations, times, days and merge keys.
TRAPS = """
    no No NO yes Yes YES on On ON off Off OFF y n true True TRUE false False null Null NULL 0123 0o17 0x1F 0b101 1_000
    1e3 1E3 .5 5. +12 -0 .inf -.Inf .nan 12:30 190:20:30 2026-11-21 2026-11-21T08:00:00Z 1.10 007 = 08
"""


@pytest.mark.parametrize("word", TRAPS.split())
def test_plain_scalar_stays_text(word: str) -> None:
    source = parse_yaml(f"value: {word}\nlist:\n  - {word}\nmap: {{{word}: {word}}}\n", file="x")
    assert source.value == {"value": word, "list": [word], "map": {word: word}}


@pytest.mark.parametrize("text", ["value:", "value: \nother: x", "value:   # remark"])
def test_empty_value_is_none_and_quoted_empty_is_text(text: str) -> None:
    assert parse_yaml(text, file="x").value["value"] is None
    assert parse_yaml("value: ''", file="x").value == {"value": ""}


class Typed(Content):
    """One field of each type that is not text."""

    flag: Flag = False
    whole: Whole = Field(default=0, ge=-5, le=99)
    day: Day = date(2026, 1, 1)
    maybe: Whole | None = None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("flag: true", Typed(flag=True)),
        ('flag: "false"', Typed(flag=False)),
        ("whole: 12", Typed(whole=12)),
        ("maybe: 0", Typed(maybe=0)),
        ("maybe:", Typed(maybe=None)),
        ("day: 2026-11-21", Typed(day=date(2026, 11, 21))),
    ],
)
def test_typed_field_takes_its_one_spelling(text: str, value: Typed) -> None:
    assert validate(parse_yaml(text, file="x"), Typed) == value


SPELLINGS = {
    "flag": ["yes", "no", "on", "off", "True", "TRUE", "1", "0", "t", "y", "''", "benar", '" true"', "null", "~"],
    "whole": [
        "0123",
        "1_0",
        "1e1",
        "0x1F",
        "1.0",
        "+5",
        "' 5'",
        "'5 '",
        "''",
        "lima",
        "٥",
        "½",
        "12:30",
        "1,000",
        "nan",
    ],
    "maybe": ["null", "~", "none", "05", "9" * 5_000],
    "day": ["86400", "1700000000", "2026-1-2", "20261121", "2026-11-21T00:00:00", "21-11-2026", "today", "2026-13-01"],
}


@pytest.mark.parametrize(("field", "word"), [(field, word) for field, words in SPELLINGS.items() for word in words])
def test_typed_field_refuses_other_spellings(field: str, word: str) -> None:
    with pytest.raises(ContentError) as refusal:
        validate(parse_yaml(f"\n{field}: {word}", file="x"), Typed)
    assert [(one.line, one.column) for one in refusal.value.findings] == [(2, len(field) + 3)]


def _models(model: type[Content] = Content) -> Iterator[type[Content]]:
    for below in model.__subclasses__():
        yield below
        yield from _models(below)


def _bare(annotation: Any) -> bool:
    return annotation in (bool, int, float, date) or any(_bare(part) for part in get_args(annotation))


def test_every_content_model_spells_its_flags_numbers_and_days() -> None:
    loose = [
        f"{model.__name__}.{name}"
        for model in _models()
        for name, field in model.model_fields.items()
        if _bare(field.annotation)
        and not any("refuse_other_spellings" in str(one) for one in field.metadata)
        and "refuse_other_spellings" not in str(field.annotation)
    ]
    assert loose == []


TEXT = """\
plain: satu dua
quoted: "tiga \\"empat\\""
folded: >-
  lima enam
  tujuh delapan

list:
  - a: 1
    b: [x, y]
  -
    c: 2
map: {d: {e: f}}
empty:
"""


@pytest.mark.parametrize(
    ("place", "position"),
    [
        ((), (1, 1)),
        (("plain",), (1, 8)),
        (("quoted",), (2, 9)),
        (("folded",), (3, 9)),
        (("list",), (7, 1)),
        (("list", 0), (8, 5)),
        (("list", 0, "a"), (8, 8)),
        (("list", 0, "b"), (9, 5)),
        (("list", 0, "b", 1), (9, 12)),
        (("list", 1, "c"), (11, 8)),
        (("map", "d", "e"), (12, 14)),
        (("empty",), (13, 7)),
        (("map", "d", "z", "zz"), (12, 7)),
        (("list", 9), (7, 1)),
        (("absent",), (1, 1)),
    ],
)
def test_position_of_every_kind_of_place(place: tuple[str | int, ...], position: tuple[int, int]) -> None:
    assert parse_yaml(TEXT, file="x").position(place) == position


def test_phrase_is_found_in_a_folded_text() -> None:
    source = parse_yaml(TEXT, file="x")
    assert source.phrase_position(("folded",), "enam tujuh") == (4, 8)
    assert source.phrase_position(("folded",), "tidak ada") == (3, 9)


def test_markdown_keeps_the_lines_of_the_file() -> None:
    source = parse_markdown("---\ntitle: Satu\n---\n\n\nIsi **tebal**.\n\n- butir\n", file="x")
    assert (source.value, source.body, source.body_line) == ({"title": "Satu"}, "Isi **tebal**.\n\n- butir", 6)
    assert source.position(("title",)) == (2, 8)


@pytest.mark.parametrize("text", ["a: \ud800", "a: x\ry", "a: \x85b", "# \u202e\na: b"])
def test_hidden_letter_is_refused_before_parsing(text: str) -> None:
    with pytest.raises(ContentError) as refusal:
        parse_yaml(text, file="x")
    assert [one.rule for one in refusal.value.findings] == ["hidden-character"]


@pytest.mark.parametrize("text", ["", "title: x\n", "---\ntitle: x\n", "--- x\n---\n", "---"])
def test_markdown_without_a_head_is_refused(text: str) -> None:
    with pytest.raises(ContentError) as refusal:
        parse_markdown(text, file="x")
    assert [one.rule for one in refusal.value.findings] == ["front-matter"]


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(ContentError) as refusal:
        validate(parse_yaml("flag: yes\nwhole: 1e3\nextra: x\n", file="x"), Typed)
    assert [(one.rule, one.line) for one in refusal.value.findings] == [
        ("implicit-type", 1),
        ("implicit-type", 2),
        ("unknown-field", 3),
    ]

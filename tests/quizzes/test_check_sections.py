"""The checks of sections under the rules of the bank: keys guessed by place or length, questions asked twice."""

from pathlib import Path

import pytest

from quizzes.checking import report
from tests import tiny

PROGRAM = "modules/content/uji/program.yaml"
MODULE = "modules/content/uji/baca/module.yaml"
SCENARIO = "quizzes/content/scenarios/cerita.yaml"
NUMBERS = ("satu", "dua", "tiga", "empat", "lima", "enam")
SHORT, LONG = "Boleh", "Boleh, karena aturannya berkata begitu"


def checks(*keys: int, long: int = 0) -> dict[str, str]:
    """Return a module with one section for each key place; in the first `long` of them the key is the longest."""
    files = {MODULE: tiny.FILES[MODULE].replace("  - satu\n", "".join(f"  - {one}\n" for one in NUMBERS[: len(keys)]))}
    for number, right in enumerate(keys):
        name = NUMBERS[number]
        head = (
            f"---\ntitle: Bagian {name}\nbasis: [uu-1]\ncheck:\n  stem: Apa arti kata {name} di kantor?\n  options:\n"
        )
        for place in range(3):
            length = LONG if (place == right) == (number < long) else SHORT
            head += f"    - text: {length} {place}.\n      why: Begitulah aturannya.\n"
            head += '      correct: "true"\n' if place == right else ""
        files[f"modules/content/uji/baca/{name}.md"] = f"{head}---\n{tiny.BODY}\n"
    return files


def found(root: Path, files: dict[str, str]) -> list[tuple[str, str, int, str]]:
    """Return rule, file, line and severity of every finding."""
    return [
        (one.rule, one.file, one.line, one.severity)
        for one in report(tiny.build(root, files), today=tiny.TODAY).findings
    ]


STEPS = tiny.FILES[PROGRAM][: tiny.FILES[PROGRAM].index("steps:")].count("\n") + 1


@pytest.mark.parametrize("keys", [(2, 2, 2, 0, 1, 0), (0, 1, 1, 1), (2, 2, 2, 2, 2, 2)])
def test_keys_of_checks_at_one_place_are_found_at_the_programme(keys: tuple[int, ...], tmp_path: Path) -> None:
    assert found(tmp_path, checks(*keys)) == [("key-place", PROGRAM, STEPS, "warning")]


@pytest.mark.parametrize("keys", [(0, 1, 2, 0, 1, 2), (2, 2, 0, 0, 1, 1), (2, 2, 2)])
def test_keys_of_checks_at_every_place_or_of_few_are_no_finding(keys: tuple[int, ...], tmp_path: Path) -> None:
    assert found(tmp_path, checks(*keys)) == []


def test_keys_of_checks_longest_too_often_are_found(tmp_path: Path) -> None:
    assert found(tmp_path, checks(0, 1, 2, 0, 1, 2, long=2)) == [("key-longest", PROGRAM, STEPS, "warning")]


def test_a_key_that_is_the_longest_now_and_then_is_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, checks(0, 1, 2, 0, 1, 2, long=1)) == []


def test_two_sections_that_ask_the_same_are_found_at_the_second(tmp_path: Path) -> None:
    files = checks(0, 1)
    other = "modules/content/uji/baca/dua.md"
    files[other] = files[other].replace("Apa arti kata dua", "Apa arti kata satu")
    findings = report(tiny.build(tmp_path, files), today=tiny.TODAY).findings
    assert [(one.rule, one.file, one.line) for one in findings] == [("duplicate-stem", other, 5)]
    assert "pertanyaan bagian satu di modules/content/uji/baca/satu.md:5" in findings[0].message


def test_a_choice_may_stand_again_at_another_decision(tmp_path: Path) -> None:
    again = tiny.FILES[SCENARIO].replace("text: Menolak foto.", "text: Pulang saja.")
    assert found(tmp_path, {SCENARIO: again}) == []

"""The dates of the legal registry: not yet in force, ended since, checked long ago or tomorrow; today is handed in."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from quizzes.checking import latest_day, report
from tests import tiny

REGISTRY = "modules/content/dasar-hukum.yaml"
CHECKED = date(2026, 11, 21)
FIRST = "in_force_from: 2020-01-01"


def rules(root: Path, *, today: date, old: str = "", new: str = "") -> list[str]:
    """Return the rules that are broken when the registry has `new` for its first `old`, seen on a day."""
    text = tiny.FILES[REGISTRY].replace(old, new, 1) if old else tiny.FILES[REGISTRY]
    return [one.rule for one in report(tiny.build(root, {REGISTRY: text}), today=today).findings]


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (CHECKED - timedelta(days=1), ["as-of-future"]),
        (CHECKED, []),
        (CHECKED + timedelta(days=365), []),
        (CHECKED + timedelta(days=366), ["as-of-old"]),
    ],
)
def test_a_registry_is_checked_neither_tomorrow_nor_long_ago(today: date, found: list[str], tmp_path: Path) -> None:
    assert rules(tmp_path, today=today) == found


@pytest.mark.parametrize(
    ("end", "found"),
    [
        ("2026-11-21", ["basis-ended"]),
        ("2026-11-27", ["basis-ended"]),
        ("2026-11-28", []),
        ("2030-01-01", []),
    ],
)
def test_a_basis_that_has_ended_since_is_found(end: str, found: list[str], tmp_path: Path) -> None:
    assert rules(tmp_path, today=tiny.TODAY, old="article: Pasal 1", new=f"in_force_to: {end}") == found


def test_a_basis_that_was_replaced_long_ago_is_no_finding(tmp_path: Path) -> None:
    old = "bases:\n"
    before = "  - {id: uu-0, instrument: UU lama, text: Undang-undang yang lama., in_force_from: 2001-01-01, "
    replaced = f"{old}{before}in_force_to: 2019-12-31, status: diganti, replaced_by: uu-1}}\n"
    assert rules(tmp_path, today=tiny.TODAY, old=old, new=replaced) == []


def test_a_basis_not_yet_in_force_is_found_where_it_is_cited(tmp_path: Path) -> None:
    text = tiny.FILES[REGISTRY].replace(FIRST, "in_force_from: 2026-11-22", 1)
    findings = report(tiny.build(tmp_path, {REGISTRY: text}), today=tiny.TODAY).findings
    cited = sum(file.count("[uu-1]") for file in tiny.FILES.values())
    assert [one.rule for one in findings].count("basis-not-in-force") == cited
    assert {one.rule for one in findings} == {"basis-not-in-force", "basis-touched"}
    assert "baru berlaku pada 2026-11-22, sesudah as_of 2026-11-21" in findings[-1].message


def test_a_basis_in_force_since_that_very_day_may_be_cited(tmp_path: Path) -> None:
    assert rules(tmp_path, today=tiny.TODAY, old=FIRST, new="in_force_from: 2026-11-21") == []


def test_a_basis_not_yet_in_force_may_wait_uncited(tmp_path: Path) -> None:
    waiting = "bases:\n  - {id: uu-3, instrument: UU baru, text: Undang-undang yang baru., in_force_from: 2027-01-01}\n"
    assert rules(tmp_path, today=tiny.TODAY, old="bases:\n", new=waiting) == []


def test_today_is_the_latest_date_that_anybody_in_indonesia_writes() -> None:
    assert latest_day(datetime(2026, 11, 21, 14, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert latest_day(datetime(2026, 11, 21, 15, 0, tzinfo=UTC)) == date(2026, 11, 22)

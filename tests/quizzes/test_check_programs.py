"""The last quiz before a certificate holds a branching scenario; a refresher by stage need not."""

from pathlib import Path

from quizzes.checking import report
from tests import tiny

PROGRAM = "modules/content/uji/program.yaml"
QUIZZES = "quizzes/content/uji/quizzes.yaml"
SCENARIO = "quizzes/content/scenarios/{}.yaml"
DRAWN = "    scenarios: {among: [undangan]}\n"
LINEAR = """\
title: Satu keputusan
phase: C
story: Anda pegawai dan mendapat pesan dari seorang teman.
lesson: Satu keputusan saja belum bercabang.
maximum: 1
start: pesan
nodes:
  pesan:
    title: Pesan
    text: Pesan itu berisi ajakan memilih.
    choices:
      - {id: hapus, text: Menghapus pesan., consequence: Anda kembali bekerja lagi., basis: [uu-1], next: usai}
      - {id: kirim, text: Meneruskannya., consequence: Rekan Anda melaporkannya., basis: [uu-1], lost: 1, next: usai}
endings:
  usai: {title: Usai, text: Anda kembali bekerja seperti biasa., tone: aman}
"""


def final_story(root: Path, drawn: str, *, also: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """Return rule and severity of what is found when the last quiz has this instead of its scenarios."""
    files = {QUIZZES: tiny.FILES[QUIZZES].replace(DRAWN, drawn), **(also or {})}
    found = report(tiny.build(root, files), today=tiny.TODAY).findings
    return [(one.rule, one.severity) for one in found]


def test_a_last_quiz_without_a_scenario_is_found(tmp_path: Path) -> None:
    assert final_story(tmp_path, "") == [("final-story", "warning")]


def test_a_last_quiz_that_may_draw_a_scenario_of_one_decision_is_found(tmp_path: Path) -> None:
    linear = {SCENARIO.format("satu"): LINEAR}
    assert final_story(tmp_path, "    scenarios: {among: [undangan, satu]}\n", also=linear) == [
        ("final-story", "warning")
    ]
    assert final_story(tmp_path, "    scenarios: {count: 2, among: [undangan, satu]}\n", also=linear) == []


def test_a_refresher_by_stage_draws_none(tmp_path: Path) -> None:
    quizzes = tiny.FILES[QUIZZES].replace(DRAWN, "")
    at = quizzes.rindex("    quotas:")
    assert final_story(tmp_path, "", also={QUIZZES: quizzes[:at] + "    stage: {phases: [C], count: 3}\n"}) == []


def test_a_programme_without_certificate_may_end_in_a_quiz_alone(tmp_path: Path) -> None:
    program = tiny.FILES[PROGRAM].replace("  - {id: sertifikat, kind: certificate, title: Sertifikat}\n", "")
    assert final_story(tmp_path, "", also={PROGRAM: program}) == []

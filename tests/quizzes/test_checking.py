"""What `check` reports: the shipped content is clean, counts, what a change of law touches, and single rules."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cli
from modules.source import ContentError
from quizzes.checking import report
from quizzes.checking.catch_all import speaks_of_others
from quizzes.content import load_library
from tests import tiny

ROOT = Path(__file__).parent.parent.parent

REGISTRY = "modules/content/dasar-hukum.yaml"
PROGRAM = "modules/content/uji/program.yaml"
SECTION = "modules/content/uji/baca/satu.md"
LABELS = "quizzes/content/labels.yaml"
SCENARIO = "quizzes/content/scenarios/cerita.yaml"
REVOKED = ("status: dicabut", "status: diganti\n    replaced_by: uu-2", "in_force_to: 2026-11-20")


def test_tiny_content_is_clean(tmp_path: Path) -> None:
    assert report(tiny.build(tmp_path), today=tiny.TODAY).findings == []


def test_shipped_content_is_clean_and_its_example_issuers_are_noted() -> None:
    result = report(ROOT, today=tiny.TODAY)
    assert [str(one) for one in result.findings] == []
    assert len(result.notes) == 2


def test_counts_have_the_promised_keys(tmp_path: Path) -> None:
    assert report(tiny.build(tmp_path), today=tiny.TODAY).counts == {
        "items": 4,
        "scored": 4,
        "by_type": {"single": 4},
        "by_topic": {"sikap": 4},
        "scenarios": 2,
        "branching": 2,
        "modules": 1,
        "bases": 2,
    }


def test_counts_take_in_what_can_be_read_beside_a_broken_file(tmp_path: Path) -> None:
    result = report(tiny.build(tmp_path, {PROGRAM: "- bukan program", SCENARIO: "story: Pendek"}), today=tiny.TODAY)
    assert {one.file for one in result.findings} == {PROGRAM, SCENARIO}
    assert (result.counts["items"], result.counts["bases"], result.counts["scenarios"]) == (4, 2, 1)


@pytest.mark.parametrize(
    "status", ["status: dicabut", "status: diganti\n    replaced_by: uu-2", "in_force_to: 2026-11-20"]
)
def test_revoked_basis_names_every_citation_and_all_it_touches(status: str, tmp_path: Path) -> None:
    text = tiny.FILES[REGISTRY].replace("article: Pasal 1", status)
    findings = report(tiny.build(tmp_path, {REGISTRY: text}), today=tiny.TODAY).findings
    cited = sum(file.count("[uu-1]") for file in tiny.FILES.values())
    assert sum(one.rule == "basis-not-in-force" for one in findings) == cited
    [touched] = [one for one in findings if one.rule == "basis-touched"]
    assert (touched.file, touched.line, touched.column) == (REGISTRY, 3, 9)
    assert "soal: soal-satu, soal-dua, soal-tiga, soal-empat; " in touched.message
    assert "bagian: baca/satu, baca/sorting; modul: baca; skenario: cerita, undangan; program: uji." in touched.message
    with pytest.raises(ContentError):
        load_library(tmp_path)


def test_library_loads_with_warnings_and_refuses_errors(tmp_path: Path) -> None:
    tiny.build(tmp_path, {LABELS: "\ufeff" + tiny.FILES[LABELS]})
    assert set(load_library(tmp_path).scenarios) == {"cerita", "undangan"}
    tiny.build(tmp_path, {SCENARIO: tiny.FILES[SCENARIO].replace("start: tiba", "start: sana")})
    with pytest.raises(ContentError) as refusal:
        load_library(tmp_path)
    assert [str(one) for one in refusal.value.findings if one.severity == "error"] == [
        f"{SCENARIO}:6:8: Keputusan sana tidak ada. Perbaiki nama tujuan itu."
    ]


def test_command_fails_on_errors_alone(tmp_path: Path) -> None:
    tiny.build(tmp_path, {LABELS: "\ufeff" + tiny.FILES[LABELS]})
    warned = CliRunner().invoke(cli.app, ["check", str(tmp_path)])
    assert (warned.exit_code, warned.stdout.splitlines()[0]) == (
        0,
        f"{LABELS}:1:1: Peringatan: Berkas diawali tanda BOM. Simpan ulang sebagai UTF-8 tanpa BOM.",
    )
    assert "sikap  ·  ·   4s  ·   ·  ·  4" in warned.stdout
    tiny.build(tmp_path, {SCENARIO: tiny.FILES[SCENARIO].replace("start: tiba", "start: sana")})
    failed = CliRunner().invoke(cli.app, ["check", str(tmp_path), "--json"])
    assert failed.exit_code == 1
    [finding] = [one for one in json.loads(failed.stdout)["findings"] if one["severity"] == "error"]
    assert finding == {
        "file": SCENARIO,
        "line": 6,
        "column": 8,
        "severity": "error",
        "rule": "scenario-target",
        "message": "Keputusan sana tidak ada.",
        "mend": "Perbaiki nama tujuan itu.",
    }


def test_short_answers_and_what_is_left_empty_are_no_finding(tmp_path: Path) -> None:
    text = tiny.FILES[SECTION].replace("text: Tidak memilih.", 'text: "7"')
    text = text.replace("check:\n", 'caveat: ""\nmay: ["  Menonton debat.  "]\ncheck:\n')
    assert report(tiny.build(tmp_path, {SECTION: text}), today=tiny.TODAY).findings == []
    [module] = load_library(tmp_path).catalog.programs[0].modules
    assert module.sections[0].may == ("Menonton debat.",)


CATCH_ALL = [
    "Semua benar.",
    "Semua jawaban benar",
    "Semua pilihan di atas",
    "Semua pernyataan di atas benar",
    "Semua di atas",
    "Semuanya salah.",
    "Keduanya benar.",
    "Ketiga pernyataan itu benar",
    "Tidak ada yang benar.",
    "Tidak ada jawaban yang tepat",
    "A dan B benar",
    "Jawaban a, b, dan c",
    "Pilihan lain di atas",
    "Semua jawaban betul",
    "Benar semua",
    "Semua yang disebutkan di atas",
    "Semua tindakan di atas",
    "Semua yang di atas benar",
    "Semua jawaban diatas benar",
    "Tidak satupun yang benar",
    "Tidak satu pun yang benar.",
    "Tidak ada satu pun jawaban yang tepat.",
    "Tidak satu pun di atas.",
    "Bukan salah satu di atas",
    "Bukan salah satu dari jawaban di atas.",
    "Bukan semuanya.",
    "Jawaban 1 dan 2 benar",
    "Opsi 1, 2, dan 3",
    "1 dan 3 benar",
    "(A) dan (B)",
    "Semuanya",
    "Semuanya.",
    "Keduanya.",
    "Kedua-duanya benar",
    "Semua itu betul!",
    "Semua yang tersebut.",
]
STANDING_ALONE = [
    "Benar",
    "Salah",
    "Keduanya melanggar disiplin.",
    "Semua calon diperlakukan sama.",
    "Semua jawaban warga dirahasiakan.",
    "Semua pegawai wajib netral.",
    "Tidak ada pelanggaran.",
    "Tidak ada yang melanggar, karena akun itu pribadi.",
    "Semua pegawai di unit itu",
    "Semua pegawai di unit itu.",
    "Semua pegawai di atas usia lima puluh tahun.",
    "Semua warga yang hadir di bawah tenda itu.",
    "Semuanya dilaporkan kepada atasan.",
    "Keduanya adalah ASN.",
    "Bukan salah satu anggota keluarganya.",
    "Bukan semua pegawai, hanya PNS.",
    "Tidak satu pun calon boleh didukung.",
    "Tidak ada sanksi.",
    "Jawaban tertulis kepada atasan.",
    "Pasal 1 dan 2.",
    "1 atau 2 hari.",
    "Dua belas bulan.",
    "Ketiga lembaga itu bekerja bersama.",
    "Salah satu calon.",
]


@pytest.mark.parametrize("text", CATCH_ALL)
def test_option_about_other_options_is_found(text: str) -> None:
    assert speaks_of_others(text)


@pytest.mark.parametrize("text", STANDING_ALONE)
def test_option_that_stands_alone_is_accepted(text: str) -> None:
    assert not speaks_of_others(text)

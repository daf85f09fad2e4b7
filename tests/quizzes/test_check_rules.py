"""Every rule of `check`: one bad place gives exactly this finding at this line and column."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from quizzes.checking import report
from tests import tiny

REGISTRY = "modules/content/dasar-hukum.yaml"
PROGRAM = "modules/content/uji/program.yaml"
MODULE = "modules/content/uji/baca/module.yaml"
SECTION = "modules/content/uji/baca/satu.md"
SORTING = "modules/content/uji/baca/sorting.yaml"
LABELS = "quizzes/content/labels.yaml"
BANK = "quizzes/content/bank/sikap.yaml"
QUIZZES = "quizzes/content/uji/quizzes.yaml"
SCENARIO = "quizzes/content/scenarios/cerita.yaml"


@dataclass(frozen=True)
class Case:
    """One file with `old` replaced by `new`; the finding stands where `at` begins, in that file or in `where`."""

    rule: str
    file: str
    old: str
    new: str
    at: str
    where: str = ""
    severity: str = "error"
    also: tuple[str, ...] = ()
    """Rules that cannot but be broken as well."""
    every: bool = False
    """Replace every occurrence of `old`, not the first alone."""

    def __str__(self) -> str:
        return f"{self.rule}: {self.new.strip()[:40]}"


def warning(rule: str, file: str, old: str, new: str, at: str) -> Case:
    """Return a case whose finding is a warning."""
    return Case(rule, file, old, new, at, severity="warning")


LONG = "Satu dua tiga empat lima enam tujuh delapan sembilan sepuluh " * 2 + "dan satu lagi."
TRUE_FALSE = """
  - id: benar-{n}
    type: true_false
    topic: sikap
    phase: C
    objective: Menilai pernyataan
    difficulty: mudah
    section: baca/satu
    stem: {stem}
    options:
      - {{text: Benar, why: Begitulah aturannya., basis: [uu-1], correct: "true"}}
      - {{text: Salah, why: Begitulah aturannya., basis: [uu-1]}}
"""
STEMS = ("Netral berarti adil.", "Warga dilayani sama.", "Debat boleh ditonton.")
THREE_TRUE = "".join(TRUE_FALSE.format(n=n, stem=stem) for n, stem in enumerate(STEMS)).lstrip("\n")
FIRST = "  - id: soal-satu\n"
TAGS = "misconceptions:\n"
TAG = "  - {{id: {name}, name: Keliru lagi, correction: Begini yang benar.}}\n"

MIDDLE = (
    "      - text: Siapa pun.\n        why: Begitulah bunyi aturannya.\n        basis: [uu-1]\n        correct: true\n"
)
UPPER = "      - text: Kepala dinas.\n        why: Begitulah bunyi aturannya.\n        basis: [uu-1]\n"
FIRST_PLACE = (UPPER + MIDDLE, MIDDLE + UPPER)
ANOTHER_LONG = ("text: Ya.", "text: Ya, itu melanggar.")

REFUSE = "      - {id: tolak, text: Menolak foto., consequence: Anda menolak dengan sopan., basis: [uu-1], next: "
POSE = "      - {id: ikut, text: Ikut berfoto., consequence: Foto Anda menyebar luas., basis: [uu-2], lost: 2, next: "
CIRCLE = (f"{REFUSE}aman}}\n{POSE}buruk}}", f"{REFUSE}foto}}\n{POSE}foto}}")
STEM = "Apakah menyukai unggahan calon itu melanggar?"
TWIN = tiny.item("soal-satu", "Apa arti tugas melayani?", ("Adil.", "Cepat.", "Ramah."), 2, "A").replace(
    "phase: C", "phase: T"
)
LAST_ID = tiny.FILES[BANK][tiny.FILES[BANK].index("soal-empat") :]
NEAR = tiny.item("soal-lima", STEM, ("Kadang-kadang.", "Tidak.", "Ya."), 2, "A")

# The check of a section asks what an item asks, with the same key.
SAME_KEY = (
    "Apa arti netral bagi pegawai?\n  options:\n    - text: Tidak berpihak.",
    f"{STEM}\n  options:\n    - text: Ya.",
)

PART_HEAD = """\
  - id: {kind}-baru
    type: {kind}
    topic: sikap
    phase: C
    objective: Menilai sikap pegawai
    difficulty: mudah
    section: baca/satu
    stem: Bagian mana yang cocok atau lebih dahulu?
    {parts}:
"""
PAIR = "      - {{left: Kiri {left}, right: Kanan {right}, why: Begitulah aturannya., basis: [uu-1]}}\n"
STEP = "      - {{text: Langkah {name}, why: Begitulah aturannya., basis: [uu-1]}}\n"
STEPS = PART_HEAD.format(kind="ordering", parts="steps") + "".join(STEP.format(name=name) for name in "KLM")


def pairs(lefts: str, rights: str, more: str = "") -> str:
    """Return a matching item with these sides, before the first item of the bank."""
    sides = "".join(PAIR.format(left=left, right=right) for left, right in zip(lefts, rights, strict=True))
    return PART_HEAD.format(kind="matching", parts="pairs") + sides + more + FIRST


QUIZ_HEADS = tiny.FILES[QUIZZES][: tiny.FILES[QUIZZES].index("    pass_mark: 70\n") + len("    pass_mark: 70\n")]
PASS_FIRST = (
    QUIZ_HEADS,
    QUIZ_HEADS.replace("    pass_mark: 70\n", "").replace("Dua soal.\n", "Dua soal.\n    pass_mark: 70\n"),
)
OTHER_FORM = ("    pass_mark: 70\n", "    pass_mark: 70\n    form: other\n")


def told(names: str) -> tuple[str, str]:
    """Return the final quiz drawing from these scenarios."""
    return "among: [undangan]", f"among: [{names}]"


DECOYS = "    decoys: [{decoy}]\n"
LONG_SIDE = "yang tidak muat pada satu baris di layar ponsel"

CASES = [
    # Reading
    Case("yaml-syntax", LABELS, "sikap: Sikap netral", "sikap: Sikap: netral", ": netral"),
    Case("yaml-syntax", LABELS, "sikap: Sikap netral", "sikap: [Sikap", ":\n  - id"),
    Case("yaml-key", LABELS, "topics:", "topics: {}\ntopics:", "topics:\n"),
    Case("yaml-alias", LABELS, "Sikap netral", "&a Sikap netral", "&a"),
    Case("yaml-tag", LABELS, "Sikap netral", "!!str Sikap netral", "!!str"),
    Case("yaml-documents", LABELS, "topics:", "x: y\n---\ntopics:", "---"),
    Case("yaml-directive", LABELS, "topics:", "%YAML 1.1\n---\ntopics:", "%YAML"),
    Case("yaml-depth", LABELS, "sikap: Sikap netral", "sikap: " + "[" * 18 + "{a: b}", "{a"),
    Case("yaml-size", LABELS, "sikap: Sikap netral", "sikap: [" + "a," * 49_995 + "z]", "z]"),
    Case("front-matter", SECTION, "---\ntitle", "title", "title"),
    Case("hidden-character", LABELS, "Sikap netral", "Sikap\u202enetral", "\u202e"),
    Case("hidden-character", LABELS, "Sikap netral", "Sikap\u200bnetral", "\u200b"),
    warning("bom", LABELS, "topics:", "\ufefftopics:", "\ufefftopics"),
    warning("line-ending", LABELS, "topics:\n", "topics:\r\n", "topics"),
    # Texts
    Case("html", BANK, "Apakah menyukai", "Apakah <form> menyukai", "<form>"),
    Case("html", SECTION, "Pegawai yang", "<b>Pegawai</b> yang", "<b>"),
    Case("html", BANK, "Apakah menyukai", "Apakah &#60;form menyukai", "&#60"),
    Case("link", SECTION, "Pegawai yang", "[Pegawai](halaman) yang", "[Pegawai"),
    Case("link", SECTION, "Pegawai yang", "Pegawai https://contoh.id yang", "://"),
    Case("link", SECTION, "Pegawai yang", "Pegawai www.contoh.id yang", "www."),
    Case("link", BANK, "Apakah menyukai", "Apakah @calon menyukai", "@calon"),
    Case("image", SECTION, "Pegawai yang", "![Pegawai](gambar) yang", "[Pegawai"),
    Case("markup", SECTION, "Pegawai yang", "Pegawai :material/gavel: yang", ":material"),
    Case("character", BANK, "Apakah menyukai", "Apakah `menyukai`", "`menyukai"),
    Case("markdown", SECTION, "Pegawai yang", "## Judul\n\nPegawai yang", "## Judul"),
    Case("markdown", SECTION, "Pegawai yang", "    Pegawai yang", "    Pegawai"),
    Case("markdown", SECTION, "Pegawai yang", "Garis\n---\n\nPegawai yang", "---\n\nPegawai"),
    # Fields
    Case("missing", BANK, "    objective: Menilai sikap pegawai\n", "", "id: soal-satu"),
    Case("missing", BANK, "        why: Begitulah bunyi aturannya.\n", "", "text: Ya."),
    Case("unknown-field", BANK, "    type: single\n", "    type: single\n    skor: 5\n", "5\n"),
    Case("unknown-field", SECTION, "title:", "body: Isi\ntitle:", "Isi\ntitle"),
    Case("choice", BANK, "difficulty: mudah", "difficulty: gampang", "gampang"),
    Case("pattern", BANK, "id: soal-satu", "id: Soal Satu", "Soal Satu"),
    Case("pattern", MODULE, "  - satu", "  - ../satu", "../satu", also=("unused-file",)),
    Case("pattern", SECTION, "gambar-ponsel.svg", "../rahasia.svg", "../rahasia"),
    Case("length", BANK, "why: Begitulah bunyi aturannya.", "why: Ya.", "Ya.\n        basis"),
    Case("length", BANK, "basis: [uu-1]", "basis: []", "basis: []"),
    Case("length", BANK, "why: Begitulah bunyi aturannya.", 'why: "             "', '"   '),
    Case("length", BANK, "text: Kadang-kadang.", 'text: "   "', '"   '),
    Case("no-text", QUIZZES, "intro: Dua soal.", 'intro: "   "', '"   '),
    Case("length", SECTION, "why: Hak pilih tetap ada.", 'why: "  Tetap.   "', '"  Tetap'),
    Case("no-text", BANK, "why: Begitulah bunyi aturannya.", 'why: "............"', '"...'),
    Case("no-text", BANK, "text: Kadang-kadang.", "text: …", "…"),
    Case("no-text", SECTION, "why: Hak pilih tetap ada.", 'why: "- - - - - - - -"', '"- -'),
    Case("no-text", SCENARIO, "consequence: Anda pulang dengan tenang.", f'consequence: "{"." * 30}"', '"...'),
    Case("no-text", MODULE, "takeaways: [Netral setiap hari.]", 'takeaways: [""]', '""'),
    Case("range", QUIZZES, "pass_mark: 70", "pass_mark: 170", "170"),
    Case("implicit-type", BANK, "correct: true", "correct: yes", "yes"),
    Case("implicit-type", QUIZZES, "pass_mark: 70", "pass_mark: 7_0", "7_0"),
    Case("implicit-type", REGISTRY, "in_force_from: 2020-01-01", "in_force_from: 86400", "86400"),
    Case("type", BANK, "basis: [uu-1]", "basis: uu-1", "uu-1\n"),
    Case("type", REGISTRY, "as_of: 2026-11-21", "as_of: 2026-13-45", "2026-13"),
    Case("number-format", PROGRAM, "{sequence:04d}", "{sequence:9999999999d}", '"800/'),
    Case("number-format", PROGRAM, "{sequence:04d}", "{sequence.real}", '"800/'),
    Case("key", BANK, "        correct: true\n", "", "options:"),
    Case("key", SECTION, "      correct: true\n", "", "options:"),
    Case("key", SCENARIO, "lost: 1,", "lost: 1, scored: false,", "1, scored"),
    Case("key", BANK, FIRST, STEPS.replace("type: ordering", "type: matching") + FIRST, "id: ordering-baru"),
    Case("key", BANK, "    type: single\n", "    type: ordering\n", "id: soal-satu"),
    Case("key", BANK, FIRST, STEPS + "    decoys: [Langkah Z]\n" + FIRST, "decoys:"),
    Case("key", BANK, FIRST, pairs("PQRS", "XYXY"), "pairs:"),
    Case("target-length", BANK, FIRST, pairs("PQR", "XYZ", DECOYS.format(decoy=f"Kanan {LONG_SIDE}")), "pairs:"),
    Case("misconception-right", BANK, "correct: true", "correct: true\n        misconception: x", "x\n"),
    Case("case-length", BANK, "type: single", "type: case", "Apakah menyukai"),
    # Law
    Case("basis-id", REGISTRY, "id: uu-2", "id: uu-1", "uu-1\n    instrument: UU Nomor 2"),
    Case("basis-replaced-by", REGISTRY, "article: Pasal 1", "replaced_by: uu-9", "uu-9"),
    Case("basis-replaced-by", REGISTRY, "article: Pasal 1", "status: diganti", "id: uu-1"),
    Case("basis-replaced-by", REGISTRY, "article: Pasal 1", "replaced_by: uu-2", "uu-2\n    text"),
    Case("basis-replaced-by", REGISTRY, "article: Pasal 1", "status: dicabut\n    replaced_by: uu-2", "uu-2\n    text"),
    warning("as-of-future", REGISTRY, "as_of: 2026-11-21", "as_of: 2026-11-29", "2026-11-29"),
    warning("as-of-old", REGISTRY, "as_of: 2026-11-21", "as_of: 2025-11-27", "2025-11-27"),
    warning("basis-ended", REGISTRY, "article: Pasal 1", "in_force_to: 2026-11-27", "2026-11-27"),
    Case("basis-unknown", BANK, "[uu-1]", "[uu-1, uu-7]", "uu-7", also=("basis-touched",)),
    Case("basis-unknown", SORTING, "[uu-2]", "[uu-7]", "uu-7", also=("basis-touched",)),
    Case("basis-unknown", SECTION, "[uu-1]", "[uu-7]", "uu-7", also=("basis-touched",)),
    Case("basis-unknown", SCENARIO, "[uu-2]", "[uu-7]", "uu-7", also=("basis-touched",)),
    Case("basis-touched", SCENARIO, "[uu-2]", "[uu-7]", "bases:", where=REGISTRY, also=("basis-unknown",)),
    # References
    Case("step-ref", PROGRAM, "ref: akhir", "ref: lain", "lain", also=("step-order",)),
    Case("step-ref", PROGRAM, "ref: cerita", "ref: dongeng", "dongeng"),
    Case("step-ref", PROGRAM, "kind: quiz, ref: tes", "kind: quiz", "{id: tes"),
    Case("step-id", PROGRAM, "id: cerita", "id: baca", "baca, kind: scenario"),
    Case(
        "step-order", PROGRAM, "  - {id: tes,", "  - {id: s, kind: certificate, title: Surat}\n  - {id: tes,", "{id: s,"
    ),
    Case("step-order", PROGRAM, "  - {id: pakta, kind: pledge, title: Pakta integritas}\n", "", "{id: sertifikat"),
    Case("step-order", QUIZZES, "    pass_mark: 70\n", "", "{id: pakta", where=PROGRAM),
    Case("last-quiz", QUIZZES, *PASS_FIRST, "akhir, title: Kuis", where=PROGRAM),
    warning("final-story", QUIZZES, "    scenarios: {among: [undangan]}\n", "", "akhir\n    title"),
    Case("jp-minutes", PROGRAM, "jp: 1", "jp: 2", "materials:"),
    Case("jp-minutes", PROGRAM, "minutes: 40", "minutes: 20", "materials:"),
    Case("scenario-told", QUIZZES, *told("cerita"), "cerita]"),
    Case("quota", QUIZZES, "count: 3", "count: 5", "{topic: sikap, count: 5"),
    Case("quiz-name", QUIZZES, "id: akhir", "id: tes", "tes\n    title: Kuis", also=("step-ref", "step-order")),
    Case("section-ref", BANK, "section: baca/satu", "section: baca/dua", "baca/dua"),
    Case("missing-file", MODULE, "  - satu", "  - satu\n  - dua", "dua"),
    Case("section-repeated", MODULE, "  - satu", "  - satu\n  - satu", "satu\ntakeaways"),
    Case("drawing-unknown", SECTION, "gambar-ponsel.svg", "gambar-naga.svg", "gambar-naga"),
    Case("section-length", SECTION, tiny.BODY, ". . .\n\n" * 50, ". . ."),
    Case("section-length", SECTION, tiny.BODY, "Terlalu pendek.", "Terlalu pendek"),
    Case("section-length", SECTION, tiny.BODY, tiny.BODY + "\n" + tiny.BODY, "Pegawai yang"),
    Case("topic-unknown", BANK, "topic: sikap", "topic: lain", "lain"),
    Case("topic-empty", LABELS, "topics:\n", "topics:\n  lain: Topik lain\n", "Topik lain"),
    Case("misconception-unknown", BANK, "suka-bukan-dukungan", "lain-lagi", "lain-lagi"),
    Case("misconception-id", LABELS, TAGS, TAGS + TAG.format(name="suka-bukan-dukungan"), "suka-bukan-dukungan\n"),
    warning("misconception-unused", LABELS, TAGS, TAGS + TAG.format(name="lain"), "lain, name"),
    # Items
    Case(
        "item-id", BANK, "items:\n", f"items:\n{TWIN}\n", "soal-satu\n    type: single\n    topic: sikap\n    phase: C"
    ),
    Case("duplicate-stem", BANK, "Di mana pegawai memilih?", "Siapa yang boleh MENONTON debat", "Siapa yang boleh MEN"),
    Case(
        "near-duplicate",
        BANK,
        "items:\n",
        f"items:\n{NEAR}\n",
        "Apakah menyukai unggahan calon m",
        severity="warning",
    ),
    Case("catch-all", BANK, "text: Kadang-kadang.", "text: Semua jawaban benar.", "Semua jawaban"),
    Case("duplicate-stem", SECTION, "Apa arti netral bagi pegawai?", "Siapa yang boleh MENONTON debat", "Siapa yang"),
    warning("near-duplicate", SECTION, *SAME_KEY, "Apakah menyukai"),
    Case("catch-all", SECTION, "text: Tidak memilih.", "text: Benar semua.", "Benar semua."),
    Case("catch-all", SCENARIO, "text: Masuk saja.", "text: Bukan salah satu di atas.", "Bukan salah"),
    Case("option-repeated", SECTION, "text: Tidak memilih.", "text: tidak  berpihak", "tidak  berpihak"),
    Case("option-repeated", SCENARIO, "text: Masuk saja.", "text: pulang saja", "pulang saja"),
    Case("option-repeated", BANK, "text: Kadang-kadang.", "text: tidak.", "Tidak.\n"),
    Case("option-repeated", BANK, FIRST, pairs("PQP", "XYZ"), "Kiri P, right: Kanan Z"),
    Case("option-repeated", BANK, FIRST, pairs("PQR", "XYZ", DECOYS.format(decoy="kanan y.")), "kanan y."),
    Case(
        "option-repeated",
        BANK,
        FIRST,
        STEPS.replace("Langkah M", "Langkah K") + FIRST,
        "Langkah K, why: Begitulah aturannya., basis: [uu-1]}\n  - id",
    ),
    Case("catch-all", BANK, FIRST, pairs("PQR", "XYZ", DECOYS.format(decoy="Semua benar.")), "Semua benar."),
    warning("target-often", BANK, FIRST, pairs("PQRST", "XXXYZ"), "pairs:"),
    warning("key-longest", BANK, *ANOTHER_LONG, "items:"),
    warning("key-place", BANK, *FIRST_PLACE, "items:"),
    warning("true-false-balance", BANK, FIRST, THREE_TRUE + FIRST, "items:"),
    warning("form-balance", BANK, "form: B", "form: A", "items:"),
    Case("scenario-ref", QUIZZES, *told("dongeng"), "dongeng"),
    Case("scenario-ref", QUIZZES, *told("cerita, cerita"), "cerita]", also=("scenario-told",)),
    Case(
        "quota",
        QUIZZES,
        told("cerita")[0],
        told("cerita")[1].replace("among", "count: 2, among"),
        "2, among",
        also=("scenario-told",),
    ),
    Case("form-pair", QUIZZES, *OTHER_FORM, "other\n", also=("form-quota",)),
    Case("form-quota", QUIZZES, OTHER_FORM[0], "    form: drawn\n" + OTHER_FORM[0], "{topic: sikap, count: 3"),
    Case(
        "sentence-length", BANK, "why: Begitulah bunyi aturannya.", f"why: Pendek. {LONG}", "Satu", severity="warning"
    ),
    warning("sentence-length", SECTION, "Pegawai yang", f"Pendek saja. {LONG} Pegawai yang", "Satu"),
    # Scenarios
    Case("scenario-target", SCENARIO, "start: tiba", "start: datang", "datang"),
    Case("scenario-target", SCENARIO, "lost: 1, next: foto", "lost: 1, next: lain", "lain"),
    Case("scenario-unreachable", SCENARIO, "lost: 2, next: buruk", "lost: 2, next: aman", "buruk:"),
    Case(
        "scenario-loop",
        SCENARIO,
        "lost: 2, next: buruk",
        "lost: 2, next: tiba",
        "tiba}",
        also=("scenario-unreachable",),
    ),
    Case("scenario-dead-end", SCENARIO, *CIRCLE, "foto:", also=("scenario-unreachable",)),
    Case("scenario-name", SCENARIO, "buruk", "foto", "foto: {title", every=True),
    Case("scenario-name", SCENARIO, "id: ikut", "id: tolak", "tolak, text: Ikut"),
    Case("scenario-maximum", SCENARIO, "maximum: 3", "maximum: 2", "2\nstart"),
    Case("story-length", SCENARIO, "story: Anda", "story: " + "Ya. " * 80 + "Anda", "Ya."),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule_is_found_at_its_place(case: Case, tmp_path: Path) -> None:
    text = tiny.FILES[case.file]
    assert case.old in text
    changed = text.replace(case.old, case.new, -1 if case.every else 1)
    tiny.build(tmp_path, {case.file: changed})
    findings = [one for one in report(tmp_path, today=tiny.TODAY).findings if one.rule not in case.also]
    where = case.where or case.file
    seen = (changed if where == case.file else tiny.FILES[where]).replace("\ufeff", "")
    at = seen.index(case.at.replace("\ufeff", ""))
    line, column = seen.count("\n", 0, at) + 1, at - seen.rfind("\n", 0, at)
    found = [(one.rule, one.file, one.line, one.column, one.severity) for one in findings]
    assert found == [(case.rule, where, line, column, case.severity)]
    assert all(one.message.endswith((".", "…", "?")) and one.mend.endswith(".") for one in findings)

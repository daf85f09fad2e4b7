"""A small programme whose first quiz asks one question of every kind, each with marks that no one may see too early."""

from pathlib import Path
from typing import get_args

from quizzes.bank import ItemType
from quizzes.sheets import item_of
from quizzes.stories import scenario_of
from tests import tiny

BANK = "quizzes/content/bank/sikap.yaml"
QUIZZES = "quizzes/content/{program}/quizzes.yaml"
QUIZ = "tes"
ITEMS = len(get_args(ItemType))
SIZE = ITEMS + 1
"""Every type of item, and a scenario."""

_HEAD = """\
  - id: penanda-soal-{name}
    type: {kind}
    topic: sikap
    phase: C
    objective: Menilai sikap pegawai
    difficulty: mudah
    section: baca/satu
    stem: {stem}
"""
_OPTION = """\
      - text: {text}
        why: Penanda alasan {kind} nomor {number}.
        basis: [uu-1]
"""
_PAIR = """\
      - left: Sisi kiri {number}
        right: Sisi kanan {number}
        why: Penanda alasan {kind} nomor {number}.
        basis: [uu-1]
"""
_STORY = " ".join(["Seorang pegawai melayani warga di loket dengan adil setiap hari kerja."] * 4)


def _options(kind: str, texts: tuple[str, ...], right: tuple[int, ...]) -> str:
    lines = ["    options:\n"]
    for number, text in enumerate(texts):
        lines.append(_OPTION.format(text=text, kind=kind, number=number))
        if number in right:
            lines.append("        correct: true\n")
        elif kind == "single":
            lines.append("        misconception: suka-bukan-dukungan\n")
    return "".join(lines)


def _bank() -> str:
    four = ("Pilihan satu", "Pilihan dua", "Pilihan tiga", "Pilihan empat")
    parts = {
        "single": _options("single", four, (2,)),
        "multiple": _options("multiple", four, (0, 3)),
        "true_false": _options("true_false", ("Benar", "Salah"), (1,)),
        "case": _options("case", four, (1,)),
        "matching": "    pairs:\n" + "".join(_PAIR.format(kind="matching", number=number) for number in range(4)),
        "ordering": "    steps:\n"
        + "".join(_OPTION.format(text=f"Langkah {name}", kind="ordering", number=n) for n, name in enumerate("PQRS")),
    }
    stems = {kind: f"Pertanyaan jenis {kind} apa?" for kind in parts} | {"case": f"{_STORY} Apa sikapnya?"}
    names = {kind: kind.replace("_", "-") for kind in parts}
    heads = {kind: _HEAD.format(kind=kind, name=names[kind], stem=stems[kind]) for kind in parts}
    return "items:\n" + "".join(heads[kind] + part for kind, part in parts.items())


def build(root: Path, *, program: str = "netralitas") -> Path:
    """Write the content below a folder, for a programme of this name."""
    changed = {name.replace("/uji/", f"/{program}/"): text for name, text in tiny.FILES.items()}
    changed[BANK] = _bank()
    changed[QUIZZES.format(program=program)] = tiny.FILES[QUIZZES.format(program="uji")].replace(
        "- {topic: sikap, count: 2}",
        f"- {{topic: sikap, count: {ITEMS}}}\n    scenarios: {{among: [cerita], weight: 2}}",
    )
    for name, text in changed.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="")
    return root


def marks(part: str, content: str) -> list[str]:
    """Return what would give the key of a part of an attempt away.

    That is an item's name, version, explanations, bases and misconceptions; a scenario's version, consequences and
    endings.
    """
    if part == "scenario":
        told = scenario_of(content)
        after = [choice.consequence for node in told.nodes.values() for choice in node.choices]
        return [told.version, told.lesson, *after, *(ending.text for ending in told.endings.values())]
    item = item_of(content)
    reasons = [(one.why, getattr(one, "misconception", None), *one.basis) for one in (*item.options, *item.parts)]
    return [mark for one in reasons for mark in one if mark] + [item.id, item.version]

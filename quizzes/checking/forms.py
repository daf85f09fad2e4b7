"""Rules for the two parallel forms: alike in difficulty and objective, and large enough for the quizzes they serve."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from modules.shelf import Shelf
from modules.source import Finding
from quizzes.bank import Difficulty, Items
from quizzes.content import placed_items
from quizzes.drawing import Quizzes
from quizzes.forms import Form

# Of one difficulty in one file, A and B may differ by two items; of one objective by one.
FORM_GAP = {"difficulty": 2, "objective": 1}


def form_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield files in which forms A and B are not alike in difficulty or objective, with counts."""
    for source, file in shelf.of(Items):
        for aspect, gap in FORM_GAP.items():
            counts = Counter((getattr(item, aspect), item.form) for item in file.items if item.scored and item.form)
            for value in sorted({value for value, _ in counts}):
                a, b = counts[value, "A"], counts[value, "B"]
                if abs(a - b) > gap:
                    message = f"Bentuk A memuat {a} dan bentuk B {b} soal dengan {aspect}: {value}."
                    mend = f"Seimbangkan sampai selisihnya paling banyak {gap}."
                    yield source.finding(("items",), "form-balance", message, mend, "warning")


def form_quota_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield quotas that one form cannot fill alone, and quizzes of the other form where none takes the first."""
    have = Counter((item.topic, item.form) for _, _, item in placed_items(shelf) if item.scored)
    for source, file in shelf.of(Quizzes):
        rules = {quiz.form for quiz in file.quizzes}
        for number, quiz in enumerate(file.quizzes):
            if quiz.form == "other" and "drawn" not in rules:
                message = f"Kuis {quiz.id} memakai bentuk lain, tetapi tidak ada kuis dengan form: drawn."
                mend = "Tulis form: drawn pada tes awal, atau hapus form di sini."
                yield source.finding(("quizzes", number, "form"), "form-pair", message, mend)
            for at, quota in enumerate(quiz.quotas if quiz.form else ()):
                held, form = min((have[quota.topic, form], form) for form in get_args(Form))
                if held < quota.count:
                    message = f"Bentuk {form} memuat {held} soal {quota.topic}; kuis {quiz.id} meminta {quota.count}."
                    place = ("quizzes", number, "quotas", at)
                    yield source.finding(place, "form-quota", message, "Tambah soal bentuk itu.")


def balance(shelf: Shelf) -> list[str]:
    """Return how the forms compare, as lines: scored items by difficulty, and the largest gap of an objective."""
    items = [item for _, _, item in placed_items(shelf) if item.scored and item.form]
    by_difficulty = Counter((item.form, item.difficulty) for item in items)
    by_objective = Counter((item.topic, item.objective, item.form) for item in items)
    gaps = [abs(by_objective[*one, "A"] - by_objective[*one, "B"]) for one in {key[:2] for key in by_objective}]
    lines = []
    for form in get_args(Form):
        counted = ", ".join(f"{by_difficulty[form, kind]} {kind}" for kind in get_args(Difficulty))
        lines.append(f"bentuk {form}: {sum(item.form == form for item in items)} soal ({counted})")
    return [*lines, f"selisih terbesar pada satu tujuan: {max(gaps)} dari {len(gaps)} tujuan"] if items else []

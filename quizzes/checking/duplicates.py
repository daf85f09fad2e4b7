"""Rules against asking the same thing twice, in the bank or at the end of a section.

Two stems are the same when they are equal after case, punctuation and spaces are taken away. Two questions are near
when their stems share at least 70 % of all content words in the two, and their keys at least 60 %. Content words are
the words without function words ("yang", "dan", "apa") and without the endings -nya, -kah, -lah. It is a measure of
wording: it finds copies that were touched up, not the same question thought up twice.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import chain
from math import ceil

from modules.shelf import Shelf
from modules.source import Finding
from quizzes.checking.questions import Question, questions

STEM_SHARE = 0.7
KEY_SHARE = 0.6
_WORD = re.compile(r"\w+")
_ENDINGS = ("nya", "kah", "lah")
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "ada adalah agar akan antara apa apakah atas atau bagaimana bagi bahwa berikut bila dalam dan dapat dari "
        "dengan di hanya ia ini itu jika juga karena ke ketika lalu mana manakah namun oleh pada para saat saja sangat "
        "sebagai sebuah sedang seorang serta siapa telah tersebut tetap tetapi untuk yaitu yakni yang",
    )
)


def content_words(text: str) -> frozenset[str]:
    """Return the words that carry a text's meaning, without case and endings."""
    words = (word[:-3] if len(word) > 6 and word.endswith(_ENDINGS) else word for word in _WORD.findall(text.lower()))
    return frozenset(words) - _FUNCTION_WORDS


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of common words among all words of the two."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if one or other else 1.0


def duplicate_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield items and checks whose stem stands elsewhere, or that are near another; each with the first such one."""
    asked = list(questions(shelf))
    near = near_pairs(asked)
    first: dict[str, int] = {}
    for index, one in enumerate(asked):
        same = first.setdefault(" ".join(_WORD.findall(one.stem.lower())), index)
        if same != index:
            message = f"Pertanyaan ini sama dengan {asked[same]}."
            mend = "Hapus salah satunya, atau tulis kasus lain."
            yield one.source.finding(one.stem_place, "duplicate-stem", message, mend)
        elif index in near:
            message = f"Soal ini sangat mirip dengan {asked[near[index]]}, kuncinya juga."
            yield one.source.finding(one.stem_place, "near-duplicate", message, "Tulis kasus lain.", "warning")


def near_pairs(asked: list[Question]) -> dict[int, int]:
    """Return for each question that is near an earlier one the number of that one.

    Stems that share 70 % of their words share two of their rarest: only such pairs are compared, not all.
    """
    stems = [content_words(one.stem) for one in asked]
    common = Counter(word for stem in stems for word in stem)
    holding: dict[str, list[int]] = defaultdict(list)
    near: dict[int, int] = {}
    for number, stem in enumerate(stems):
        rarest = sorted(stem, key=lambda word: (common[word], word))[: len(stem) - ceil(STEM_SHARE * len(stem)) + 2]
        met, enough = Counter(chain.from_iterable(holding[word] for word in rarest)), min(2, len(stem))
        for other in sorted(other for other, times in met.items() if times >= enough):
            if similarity(stem, stems[other]) < STEM_SHARE:
                continue
            if similarity(*(content_words(" ".join(asked[one].key)) for one in (number, other))) >= KEY_SHARE:
                near[number] = other
                break
        for word in rarest:
            holding[word].append(number)
    return near

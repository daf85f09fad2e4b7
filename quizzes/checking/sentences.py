"""The rule for sentences: at most twenty words, so that a tired reader on a phone can follow."""

import re
from collections.abc import Iterator

from modules.shelf import Shelf
from modules.source import Finding, Place, Source, line_and_column, place_of

MOST_WORDS = 20
# Names and titles are not sentences.
_NAMES = frozenset(("instrument", "article", "title", "certificate_title", "name", "unit", "office"))
_END = re.compile(r"""[.!?]["”’)*]*\s+(?=["“‘(*]*[A-Z0-9])|\n\s*\n|\n(?=- |\d+\. |#)""")


def long_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of more than twenty words, each with its offset."""
    start = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        sentence = text[start:end]
        if len(sentence.split()) > MOST_WORDS:
            yield start, sentence
        start = end


def sentence_findings(shelf: Shelf) -> Iterator[Finding]:
    """Yield long sentences of every file, each at the line where it begins."""
    for source in shelf.sources():
        for place, text in _texts(source):
            for _, sentence in long_sentences(text):
                yield _finding(source, source.phrase_position(place, sentence), sentence)
        for offset, sentence in long_sentences(source.body):
            line, column = line_and_column(source.body, offset)
            yield _finding(source, (source.body_line + line - 1, column), sentence)


def _texts(source: Source) -> Iterator[tuple[Place, str]]:
    for link, holder in source.holders:
        for key, text in holder.items() if isinstance(holder, dict) else enumerate(holder):
            # Most texts are short: count before anything is built.
            if type(text) is str and text.count(" ") >= MOST_WORDS and key not in _NAMES:
                yield (*place_of(link), key), text


def _finding(source: Source, at: tuple[int, int], sentence: str) -> Finding:
    words = sentence.split()
    message = f"Kalimat ini {len(words)} kata: {' '.join(words[:6])} …"
    mend = f"Pecah menjadi kalimat dengan paling banyak {MOST_WORDS} kata."
    return Finding(source.file, *at, "warning", "sentence-length", message, mend)

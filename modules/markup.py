"""What a text of the content may carry: plain sentences with **bold**, *italics*, `###` headings and lists.

The pages hand every text to a Markdown renderer, so each of them is held to the same small alphabet.
An author can then neither add a form, a link or a picture from elsewhere, nor imitate the interface.
"""

import re
from collections.abc import Iterator

# Letters of Latin script, digits and the punctuation of formal Indonesian.
_LETTERS = "\n 0-9A-Za-z\u00c0-\u024f"
_MARKS = re.escape(".,;:!?'\"()/%&+-=*_#{}–—…“”‘’•·×°§²≥≤−→")
_FOREIGN = re.compile(f"[^{_LETTERS}{_MARKS}]")
# Written with allowed letters only, yet turned into a link, a sign or another letter by the renderer.
_SPECIAL = re.compile(r"://|\bwww\.|(?<!\d):[a-z0-9_+-]+(?:/[a-z0-9_]+)?:|&#?\w+;", re.IGNORECASE)
# Invisible, or moves what stands beside it: nobody can review what nobody sees.
HIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u180e\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\u3000\ud800-\udfff\ufe00-\ufe0f\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?= |$)", re.MULTILINE)
_BLOCKS = (
    (re.compile(r"^ {4,}\S"), "Baris menjorok empat spasi menjadi kotak kode."),
    (re.compile(r"^ {0,3}(?:#{1,2}|#{4,})(?: |$)"), "Judul di dalam isi memakai tiga tanda pagar."),
    (re.compile(r"^ {0,3}(?:=+|-{2,}|(?:\* ?){3,}|(?:_ ?){3,}|(?:- ){2,}-?)\s*$"), "Garis pemisah tidak dipakai."),
)
_PLAIN = "Tulis kalimat biasa; tekankan dengan **tebal**."

Mark = tuple[int, str, str, str]
"""Offset in the text, rule, message and mend."""


def text_mark(text: str) -> Mark | None:
    """Return the first thing that a text may not carry, or None."""
    if found := _FOREIGN.search(text):
        return (found.start(), *_foreign(text, found.start()))
    # Most texts hold none of these letters; to look for them one by one is quicker than the pattern.
    if (":" in text or "&" in text or "w." in text or "W." in text) and (found := _SPECIAL.search(text)):
        return (found.start(), *_special(found.group()))
    return None


def value_mark(text: str) -> Mark | None:
    """Return the first thing that a value of a YAML file may not carry: as any text, and no heading either."""
    if "#" in text and (found := _HEADING.search(text)):
        return found.start(), "markdown", "Nilai ini menjadi judul.", "Hapus tanda pagar di awal baris."
    return text_mark(text)


def body_marks(text: str) -> Iterator[Mark]:
    """Yield what a Markdown body may not carry: one mark a line, at its offset in the text."""
    start = 0
    for line in text.split("\n"):
        if mark := text_mark(line):
            yield (start + mark[0], *mark[1:])
        else:
            for pattern, message in _BLOCKS:
                if pattern.search(line):
                    yield start, "markdown", message, "Pakai paragraf, daftar, **tebal**, dan judul ### saja."
                    break
        start += len(line) + 1


def _foreign(text: str, at: int) -> tuple[str, str, str]:
    letter = text[at]
    if letter in "<>":
        return "html", "HTML tidak dipakai dalam materi.", _PLAIN
    if letter in "[]":
        if text[max(0, at - 1) : at + 1] == "![":
            return "image", "Gambar tidak dipasang di dalam teks.", "Sebutkan gambar di isian drawing."
        return "link", "Tautan dan kurung siku tidak dipakai dalam materi.", "Tulis nama lembaga atau peraturannya."
    if letter == "@":
        return "link", "Alamat dan nama akun tidak dipakai dalam materi.", "Tulis nama lembaganya."
    if HIDDEN.match(letter):
        return "hidden-character", f"Ada huruf tak terlihat U+{ord(letter):04X}.", "Hapus huruf itu, lalu ketik ulang."
    return "character", f"Huruf {letter} (U+{ord(letter):04X}) tidak dipakai dalam materi.", _PLAIN


def _special(found: str) -> tuple[str, str, str]:
    if found.startswith("&"):
        return "html", "Kode HTML tidak dipakai dalam materi.", "Ketik hurufnya langsung."
    if found.startswith(":") and found.endswith(":"):
        return "markup", "Kata di antara dua titik dua menjadi ikon.", "Beri spasi sesudah titik dua."
    return "link", "Tautan tidak dipakai dalam materi.", "Tulis nama lembaga atau peraturannya."

"""Texts carry plain sentences only: what a renderer would turn into something else is refused (T18)."""

import pytest

from modules.markup import body_marks, text_mark, value_mark

PLAIN = [
    "Seorang PNS, Dra. Sekar, M.Si., hadir pukul 07:30:00 (WIB).",
    'Ia menulis "jagoan kita menang", lalu menghapusnya!',
    "Pasal 5 huruf n angka 6; 25% selama 6/9/12 bulan.",
    "**Tebal**, *miring*, dan 2 + 2 = 4 & seterusnya…",
    "Netralitas – asas; “kutipan”, ‘kutipan’, 22°, 5×, §3, 10²",
    "Bakal calon: kode etik. Calon: disiplin.",
    "{sequence:04d}/{code}/{year}",
    "kpu.go.id dan infopemilu.kpu.go.id",
    "Nama: José Ñandú Ōtani",
]
REFUSED = {
    "html": ["a < b", "</p>", "<!-- x -->", "&lt;b", "&amp;", "&#x3c;", "a > b"],
    "link": ["[a](b)", "[a]: b", "https://x", "ftp://x", "www.x.id", "WwW.x.id", "a@b.id", "[^1]"],
    "image": ["![a](b)"],
    "markup": [":red_heart:", "x :material/lock: y", ":+1:", ":a:"],
    "hidden-character": ["a\u200bb", "a\u202eb", "a\xa0b", "a\tb", "\x1b[31m", "a\ufeffb", "\ud800", "\ufffd"],
    "character": ["`a`", "$x$", "a|b", "a\\b", "~~a~~", "^", "а (kiril)", "😀", "中"],
}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_accepted(text: str) -> None:
    assert text_mark(text) is None


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in REFUSED.items() for text in texts])
def test_other_text_is_refused(rule: str, text: str) -> None:
    mark = text_mark(text)
    assert mark is not None
    assert mark[1] == rule


@pytest.mark.parametrize("text", ["# Resmi", "isi\n\n### Judul", "  ## x", "#"])
def test_heading_in_a_value_is_refused(text: str) -> None:
    mark = value_mark(text)
    assert mark is not None
    assert mark[1] == "markdown"
    assert value_mark("Nomor #1 dan #netral") is None


BODY = "Paragraf satu.\n\n### Contoh\n\n- butir **tebal**;\n  lanjutan\n1. satu\n\n*Miring* saja.\n"


def test_body_of_paragraphs_headings_and_lists_is_accepted() -> None:
    assert list(body_marks(BODY)) == []


@pytest.mark.parametrize(
    "line", ["# Judul", "## Judul", "#### Judul", "    kode", "---", "***", "* * *", "- - -", "===", "___"]
)
def test_other_blocks_are_refused_at_their_line(line: str) -> None:
    marks = list(body_marks(BODY + line + "\n"))
    assert [(offset, rule) for offset, rule, _, _ in marks] == [(len(BODY), "markdown")]


def test_every_bad_line_of_a_body_is_told() -> None:
    marks = list(body_marks("baik\n<b>\nbaik\nx [a](b) <c>\n"))
    assert [(offset, rule) for offset, rule, _, _ in marks] == [(5, "html"), (16, "link")]

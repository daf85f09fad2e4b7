"""Fifty modules that try to smuggle something into a page: each is refused at the line of its payload (T18)."""

from pathlib import Path

import pytest

from modules.source import ContentError
from quizzes.content import load_library
from tests import tiny
from tests.figures import figure

SECTION = "modules/content/uji/baca/satu.md"
BODY = "Pegawai yang netral"
PAYLOADS = [
    '<form action="https://jahat.id"><input name="nip"></form>',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//jahat.id></iframe>",
    "<style>body{display:none}</style>",
    "<a href=javascript:alert(1)>klik</a>",
    "<!-- tersembunyi -->",
    "<?php echo 1 ?>",
    "<![CDATA[x]]>",
    "</div></main>",
    "<details open ontoggle=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;form&#62;",
    "[Masuk di sini](https://jahat.id/masuk)",
    "[klik](javascript:alert(1))",
    "[klik][satu]",
    "[satu]: https://jahat.id",
    "![pelacak](https://jahat.id/p.png)",
    "![pelacak][satu]",
    "<https://jahat.id>",
    "https://jahat.id/masuk",
    "www.jahat.id/masuk",
    "admin@jahat.id",
    ":red[Akun Anda diblokir]",
    ":material/verified: Terverifikasi",
    "$\\href{https://jahat.id}{x}$",
    "`rm -rf`",
    "~~dicoret~~",
    "| a | b |",
    "\\<form\\>",
    "terbaca \u202egnilabret",
    "kata\u200bkunci",
    "Bаwaslu",
    "spasi\u00a0keras",
    "\U000e0041tersembunyi",
]
# Where in the module the payload stands: the text to replace, and how YAML wants it written there.
FIELDS = [
    (SECTION, BODY, "{raw} Pegawai yang netral"),
    (SECTION, "Apa arti netral bagi pegawai?", "'{quoted}'"),
    (SECTION, "Hak pilih tetap ada.", "'{quoted} dan lagi'"),
    (SECTION, "title: Bagian satu", "may: ['{quoted}']\ntitle: Bagian satu"),
    ("modules/content/uji/baca/module.yaml", "Modul kecil untuk menguji.", "'{quoted} dan lagi'"),
    ("modules/content/uji/baca/module.yaml", "[Netral setiap hari.]", "['{quoted}']"),
    ("modules/content/uji/baca/sorting.yaml", "Menonton debat.", "'{quoted} dan lagi'"),
    ("modules/content/uji/program.yaml", "Saya jujur.", "'{quoted}'"),
    ("modules/content/dasar-hukum.yaml", "Setiap pegawai wajib netral.", "'{quoted} dan lagi'"),
    ("quizzes/content/bank/sikap.yaml", "Begitulah bunyi aturannya.", "'{quoted} dan lagi'"),
    ("quizzes/content/scenarios/cerita.yaml", "Anda diminta berfoto bersama panitia.", "'{quoted} dan lagi'"),
]


def written(payload: str, form: str) -> str:
    """Return a field's new text with the payload in it."""
    return form.format(raw=payload, quoted=payload.replace("'", "''"))


ROTATED = [(payload, *FIELDS[number % len(FIELDS)]) for number, payload in enumerate(PAYLOADS)]
IN_BODY = [(payload, *FIELDS[0]) for payload in PAYLOADS]
ATTACKS = [(file, old, written(payload, form)) for payload, file, old, form in (*ROTATED, *IN_BODY)]
FORMS = [
    (SECTION, "gambar-ponsel.svg", "../../rahasia.svg"),
    (SECTION, "gambar-ponsel.svg", "https://jahat.id/p.svg"),
    (SECTION, "drawing:", "html: x\ndrawing:"),
    (SECTION, "drawing:", "id: lain\ndrawing:"),
    ("modules/content/uji/baca/module.yaml", "  - satu", "  - ../../../../etc/passwd"),
    ("modules/content/uji/baca/module.yaml", "  - satu", "  - /etc/passwd"),
    ("modules/content/uji/program.yaml", "ref: baca", "ref: ../lain"),
    ("modules/content/uji/program.yaml", "{code}", "{code.__class__}"),
]


def refused(root: Path, file: str, old: str, new: str) -> bool:
    """True when the loader refuses the change with one error, at the line where the change begins."""
    text = tiny.FILES[file]
    line = text[: text.index(old)].count("\n") + 1
    try:
        load_library(tiny.build(root, {file: text.replace(old, new, 1)}))
    except ContentError as error:
        return [(one.file, one.line) for one in error.findings if one.severity == "error"] == [(file, line)]
    return False


@pytest.mark.figure
def test_hostile_modules_are_refused_at_their_line(tmp_path: Path) -> None:
    changes = [*ATTACKS, *FORMS]
    missed = [change for change in changes if not refused(tmp_path, *change)]
    figure("T18", len(changes) - len(missed), len(changes), "hostile modules refused at the line of their payload")
    assert missed == []
    assert len(changes) >= 50


def test_harmless_change_is_not_counted_as_refused(tmp_path: Path) -> None:
    assert not refused(tmp_path, SECTION, BODY, "Pegawai yang selalu netral")

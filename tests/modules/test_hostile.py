"""Fifty modules that try to smuggle something into a page: each is refused at the line of its payload (T18)."""

from pathlib import Path

import pytest

from modules.source import ContentError
from quizzes.content import load_library
from tests import tiny

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
ATTACKS = [(payload, *FIELDS[number % len(FIELDS)]) for number, payload in enumerate(PAYLOADS)]
ATTACKS += [(payload, *FIELDS[0]) for payload in PAYLOADS]
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


def refusals(root: Path, file: str, old: str, new: str) -> tuple[int, ContentError]:
    """Return the line where the change begins, and what the loader says of it."""
    text = tiny.FILES[file]
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ContentError) as refusal:
        load_library(tiny.build(root, {file: text.replace(old, new, 1)}))
    return line, refusal.value


@pytest.mark.parametrize(("payload", "file", "old", "form"), ATTACKS)
def test_payload_is_refused_at_its_line(payload: str, file: str, old: str, form: str, tmp_path: Path) -> None:
    new = form.format(raw=payload, quoted=payload.replace("'", "''"))
    line, refusal = refusals(tmp_path, file, old, new)
    assert [(one.file, one.line) for one in refusal.findings if one.severity == "error"] == [(file, line)]


@pytest.mark.parametrize(("file", "old", "new"), FORMS)
def test_reach_for_another_file_or_field_is_refused_at_its_line(file: str, old: str, new: str, tmp_path: Path) -> None:
    line, refusal = refusals(tmp_path, file, old, new)
    assert [(one.file, one.line) for one in refusal.findings if one.severity == "error"] == [(file, line)]


def test_there_are_fifty_hostile_modules() -> None:
    assert len(ATTACKS) + len(FORMS) >= 50

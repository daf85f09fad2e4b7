"""Files are read bounded, whatever their encoding, ends of line or names."""

from pathlib import Path

import pytest

from modules.shelf import MAX_BYTES, Shelf
from modules.source import Content


class Note(Content):
    """A small file."""

    text: str


def read(root: Path, raw: bytes, name: str = "catatan.yaml") -> tuple[Note | None, list[tuple[str, int, int, str]]]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    shelf = Shelf(root)
    note = shelf.yaml(name, Note)
    return note, [(one.rule, one.line, one.column, one.severity) for one in shelf.findings]


@pytest.mark.parametrize(
    ("raw", "findings"),
    [
        (b"text: isi\n", []),
        (b"# catatan\ntext: isi", []),
        (b"\xef\xbb\xbftext: isi\n", [("bom", 1, 1, "warning")]),
        (b"# catatan\ntext: isi\r\n", [("line-ending", 2, 1, "warning")]),
        (b"\xef\xbb\xbf# x\r\ntext: isi\r\n", [("bom", 1, 1, "warning"), ("line-ending", 1, 1, "warning")]),
    ],
)
def test_readable_file_is_read(raw: bytes, findings: list[object], tmp_path: Path) -> None:
    note, found = read(tmp_path, raw)
    assert (note, found) == (Note(text="isi"), findings)


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (b"# x\ntext: caf\xe9\n", ("encoding", 2, 10, "error")),
        ("text: isi\n".encode("utf-16"), ("encoding", 1, 1, "error")),
        (b"text: isi\rtext: dua\n", ("hidden-character", 1, 10, "error")),
        (b"# x\ntext: i\x00si\n", ("hidden-character", 2, 8, "error")),
        ("# x\ntext: i\u2028si\n".encode(), ("hidden-character", 2, 8, "error")),
        (b"text: 'isi\n  \x1b[31m'\n", ("hidden-character", 2, 3, "error")),
        (b'text: "\\u202e"\n', ("hidden-character", 1, 7, "error")),
        (b"#" * (MAX_BYTES + 1), ("yaml-size", 1, 1, "error")),
        (b"", ("missing", 1, 1, "error")),
        (b"- isi\n", ("type", 1, 1, "error")),
        (b"isi\n", ("type", 1, 1, "error")),
    ],
)
def test_unreadable_file_is_refused_at_its_place(raw: bytes, finding: object, tmp_path: Path) -> None:
    assert read(tmp_path, raw) == (None, [finding])


@pytest.mark.parametrize("name", ["Catatan.yaml", "a b.yaml", "a/B/c.yaml", "..yaml", "a.b.yaml", "é.yaml"])
def test_unfit_file_name_is_refused(name: str, tmp_path: Path) -> None:
    assert read(tmp_path, b"text: isi\n", name) == (None, [("file-name", 1, 1, "error")])


@pytest.mark.parametrize("name", ["tidak-ada.yaml", "../luar.yaml", "folder"])
def test_absent_file_folder_or_path_upwards_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path.parent / "luar.yaml").write_text("text: isi")
    shelf = Shelf(tmp_path)
    assert shelf.yaml(name, Note) is None
    assert [one.rule for one in shelf.findings] in (["missing-file"], ["file-name"])


def test_link_out_of_the_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "luar.yaml").write_text("text: isi")
    (tmp_path / "isi").mkdir()
    (tmp_path / "isi" / "a.yaml").symlink_to(tmp_path / "luar.yaml")
    shelf = Shelf(tmp_path / "isi")
    assert shelf.yaml("a.yaml", Note) is None
    assert [one.rule for one in shelf.findings] == ["unreadable"]


def test_shelf_keeps_files_with_their_models(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("text: isi")
    shelf = Shelf(tmp_path)
    note = shelf.yaml("a.yaml", Note)
    assert [(source.file, one) for source, one in shelf.of(Note)] == [("a.yaml", note)]
    assert shelf.source("a.yaml").value == {"text": "isi"}
    assert (shelf.tried("a.yaml"), shelf.tried("b.yaml")) == (True, False)

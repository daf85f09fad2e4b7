"""Imports point down, heavy libraries stay in their rooms, stores are private."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("storage", "people", "modules", "quizzes", "certificates", "live", "reports", "demo", "web", "commands")
TOP = ("settings", "app", "cli")


def _files() -> list[Path]:
    inside = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    return [*inside, *(ROOT / f"{name}.py" for name in TOP)]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def violations(path: Path, imports: Iterator[str]) -> list[str]:
    """Return what a file imports against the rules of docs/decisions/0001."""
    room, wrong = _room(path), []
    for name in imports:
        top = name.split(".")[0]
        if room in ROOMS and top in ROOMS and ROOMS.index(top) > ROOMS.index(room):
            wrong.append(f"{name}: points up")
        if top in ("app", "cli") or (top == "settings" and room in ROOMS and room not in ("web", "commands")):
            wrong.append(f"{name}: rooms receive values")
        if top in ROOMS and top != room and any(part.endswith("store") for part in name.split(".")[1:2]):
            wrong.append(f"{name}: stores are private")
        if top == "streamlit" and room not in ("web", "app"):
            wrong.append(f"{name}: Streamlit only in web/")
        if top == "sqlalchemy" and not _may_name_sqlalchemy(path, name):
            wrong.append(f"{name}: SQL only in storage/ and store.py")
        if top == "reportlab" and path.relative_to(ROOT).parts[:2] != ("certificates", "pdf"):
            wrong.append(f"{name}: reportlab only in PDF files")
    return wrong


def _may_name_sqlalchemy(path: Path, name: str) -> bool:
    # Actions receive a Connection and rows; naming their types is not SQL.
    types = ("sqlalchemy", "sqlalchemy.Connection", "sqlalchemy.Row", "sqlalchemy.RowMapping")
    return _room(path) == "storage" or "store" in path.stem or name in types


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_imports_only_what_its_room_may(path: Path) -> None:
    assert violations(path, _imports(path)) == []


@pytest.mark.parametrize(
    ("file", "imported"),
    [
        ("people/nip.py", "quizzes.bank"),
        ("people/nip.py", "settings"),
        ("reports/completion.py", "people.store"),
        ("reports/completion.py", "people.account_store"),
        ("quizzes/grading.py", "streamlit"),
        ("quizzes/grading.py", "sqlalchemy.select"),
        ("certificates/issuing.py", "reportlab.pdfgen"),
    ],
)
def test_a_forbidden_import_is_found(file: str, imported: str) -> None:
    assert len(violations(ROOT / file, iter([imported]))) == 1


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_file_is_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300

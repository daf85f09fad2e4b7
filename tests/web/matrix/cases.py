"""The handler matrix (threats, ground rule 8): what a row says, and which handlers there are.

A row holds one case each: an `Ask` with what must come back, or a sentence that says why the case does not apply.
`wrong method` and `forged origin` are asked of every handler without anybody writing them down.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

PAGES_FOLDER = Path(__file__).parent.parent.parent.parent / "web/pages"


@dataclass(frozen=True)
class Ask:
    """One request: who sends it (a name of the cast; "" is nobody), where to, what with, and what comes back.

    Braces in address and fields are filled from the world of the test: {sari}, {bima_unit}, {code}, ….
    """

    address: str
    status: int
    who: str = ""
    fields: Mapping[str, str] | None = None
    file: bytes | None = None
    says: str = ""
    to: str = ""
    """Where a redirect leads."""


Case = Ask | str
WRITTEN = ("no login", "wrong role", "other unit", "bad id", "unknown id", "works")


@dataclass(frozen=True)
class Row:
    """One handler. `works` is asked last, since it may use up what it works on."""

    works: Ask
    no_login: Case
    wrong_role: Case
    other_unit: Case
    bad_id: Case
    unknown_id: Case
    emptied: bool = False
    """`works` needs an empty database."""

    @property
    def cases(self) -> dict[str, Case]:
        """The written cases in the order in which they are asked."""
        return {name: getattr(self, name.replace(" ", "_")) for name in WRITTEN}


@dataclass(frozen=True)
class Look:
    """One look at a page: by whom, at which address, after filling which fields; what it says, what it must not."""

    who: str
    query: Mapping[str, str] = field(default_factory=dict)
    fill: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    hides: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageRow:
    """One Streamlit page. `wrong_role` names who may not, or says why everybody may."""

    works: Look
    wrong_role: str | tuple[str, ...]
    other_unit: Look | str
    bad_id: Look | str
    unknown_id: Look | str


def handlers(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[str]:
    """Yield every handler of an application as "METHOD /path", mounts included."""
    for route in routes:
        if isinstance(route, Route):
            methods = (route.methods or set()) - {"HEAD"}
            yield from (f"{method} {prefix}{route.path}" for method in sorted(methods or {"ANY"}))
        elif isinstance(route, WebSocketRoute):
            yield f"WS {prefix}{route.path}"
        elif isinstance(route, Mount) and route.routes:
            yield from handlers(route.routes, prefix + route.path)
        else:
            yield f"MOUNT {prefix}{getattr(route, 'path', route)}"


def page_files(folder: Path = PAGES_FOLDER) -> set[str]:
    """Return every Streamlit page as "audience/name"."""
    return {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.py")}


def differences(found: Iterable[str], rows: Iterable[str]) -> list[str]:
    """Say in words which handler has no row and which row no handler."""
    found, rows = set(found), set(rows)
    return [
        *(f"{name} has no row: add one to tests/web/matrix" for name in sorted(found - rows)),
        *(f"{name} is a row without a handler: take it out" for name in sorted(rows - found)),
    ]

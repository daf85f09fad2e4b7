"""Every Streamlit page × {works, no login, wrong role, other unit, bad id, unknown id, wrong method, forged origin}."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Node

from people.roles import Actor, Refused
from storage.engine import Database
from storage.tables import attempt
from tests.certificates.conftest import certified, with_issuer
from tests.conftest import Cast
from tests.figures import figure
from tests.web.matrix.cases import Look, differences, page_files
from tests.web.matrix.page_rows import ROWS
from tests.web.stack import METHODS, OWN, client
from tests.web.test_middleware import FOREIGN, _handshake
from tests.web.test_quiz_page import finish_before
from web import current, navigation, phrases
from web.middleware import PAGES

AppAs = Callable[[str], AppTest]
PEOPLE = ("Sari", "Bima", "Ratna", "Hadi", "Administrator")
# Roles and logins are decided without the kind of database having a say; scopes are SQL and run on both.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
RESTRICTED = [name for name, row in ROWS.items() if isinstance(row.wrong_role, tuple)]


@pytest.fixture
def names(database: Database, cast: Cast) -> dict[str, str]:
    """Sari stands before the first scenario, Bima holds a certificate; what the rows' braces name."""
    program = with_issuer(current.program())
    finish_before(database, cast.sari.person_id, "skenario-reuni")
    with database.write() as transaction:
        held = certified(transaction, cast.bima, program)
        his = select(attempt.c.id).where(attempt.c.person_id == cast.bima.person_id)
        attempt_id = transaction.db.execute(his).scalar_one()
    return {"{bima_attempt}": str(attempt_id), "{bima_number}": held.record.number}


def address_of(page: str) -> str:
    """Return the address of a page's file, from the pages that an administrator's menu holds."""
    everything = Actor(0, "", roles=frozenset({"trainer", "hr", "author", "admin"}))
    addresses: dict[str, str] = {}

    def noted(_folder: Path | None, file: str, _title: str, url: str, *_rest: object) -> None:
        addresses[file] = f"/{url}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(navigation, "_made", noted)
        navigation.pages_for(everything)
    return addresses[page]


def opened(app_as: AppAs, token: str, page: str, look: Look, names: dict[str, str]) -> AppTest:
    """Open a page as a row says."""
    at = app_as(token).run().switch_page(f"pages/{page}.py")
    for name, value in look.query.items():
        at.query_params[name] = names.get(value, value)
    at.run()
    for key, value in look.fill.items():
        at.text_input(key=key).set_value(names.get(value, value)).run()
    return at


def sent(at: AppTest) -> str:
    """Return everything that the browser was sent, as it goes over the wire; marks of Markdown taken out."""
    return "\n".join(_sent(at._tree)).replace("\\", "")


def _sent(node: Node) -> Iterator[str]:
    proto = getattr(node, "proto", None)
    if proto is not None and hasattr(proto, "SerializeToString"):
        yield proto.SerializeToString().decode("utf-8", "replace")
    if isinstance(node, Block):
        for child in node.children.values():
            yield from _sent(child)


def wrong_in(at: AppTest, look: Look) -> str:
    """Return what is wrong with a page in words, or an empty string."""
    text = sent(at)
    if at.exception:
        return f"fails: {at.exception[0].message}"
    if look.says not in text:
        return f"does not say {look.says!r}"
    return next((f"says {hidden!r}" for hidden in look.hides if hidden in text), "")


def looked(app_as: AppAs, cast: Cast, page: str, names: dict[str, str]) -> dict[str, str]:
    """Look at a page in each case of its row; return what was wrong by case."""
    row = ROWS[page]
    cases = {"works": row.works, "other unit": row.other_unit, "bad id": row.bad_id, "unknown id": row.unknown_id}
    looks = {case: look for case, look in cases.items() if isinstance(look, Look)}
    found = {
        case: wrong_in(opened(app_as, cast.tokens[look.who], page, look, names), look) for case, look in looks.items()
    }
    return {case: wrong for case, wrong in found.items() if wrong}


@pytest.mark.figure
def test_every_page_has_its_row_and_every_row_its_page() -> None:
    assert differences(page_files(), ROWS) == []
    assert {address_of(page) for page in ROWS} == PAGES
    asked = sum(
        4 + sum(isinstance(case, Look) for case in (r.other_unit, r.bad_id, r.unknown_id)) for r in ROWS.values()
    )
    asked += len(RESTRICTED)
    figure("page matrix", asked, 8 * len(ROWS), f"cases asked over {len(ROWS)} pages; the others say why not")


def test_a_page_without_its_row_is_told(tmp_path: Path) -> None:
    for name in (*ROWS, "hr/new"):
        (tmp_path / f"{name}.py").parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").touch()
    (tmp_path / "hr/revoke.py").unlink()
    told = differences(page_files(tmp_path), ROWS)
    assert [line.partition(" ")[0] for line in told] == ["hr/new", "hr/revoke"]


@pytest.mark.parametrize("page", ROWS)
def test_page(app_as: AppAs, cast: Cast, page: str, names: dict[str, str]) -> None:
    assert looked(app_as, cast, page, names) == {}


@ONE_DATABASE
@pytest.mark.parametrize("page", ROWS)
def test_page_without_login(app_as: AppAs, cast: Cast, page: str, names: dict[str, str]) -> None:
    """The gate leads strangers away; a tab whose login ends while it is open shows nothing any more."""
    answer = client().get(address_of(page))
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/masuk")
    look = ROWS[page].works
    at = opened(app_as, cast.tokens[look.who], page, look, names)
    at.token = ""  # type: ignore[attr-defined]
    text = sent(at.run())
    assert phrases.SESSION_ENDED in text
    assert [name for name in PEOPLE if name in text] == []


def test_pages_by_another_method_or_from_another_site(cast: Cast) -> None:
    """Pages are read with GET; all that changes anything comes over the socket, which foreign origins do not open."""
    visitor = client(cookies={current.cookie_name(): cast.tokens["admin"]})
    for page in ROWS:
        for method in METHODS[2:]:
            for origin, status in ((OWN, 405), (str(FOREIGN["another site"]), 403)):
                assert visitor.request(method, address_of(page), headers={"Origin": origin}).status_code == status
    assert not _handshake(FOREIGN["another site"])


@ONE_DATABASE
@pytest.mark.parametrize("page", RESTRICTED)
def test_page_with_the_wrong_role(
    app_as: AppAs,
    cast: Cast,
    page: str,
    names: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is in nobody else's menu, and with the menu wide open it still refuses by itself (threats T63)."""
    wrong, look = ROWS[page].wrong_role, ROWS[page].works
    for who in wrong:
        with pytest.raises(ValueError, match=r"."):
            opened(app_as, cast.tokens[who], page, look, names)
    _open_every_menu(monkeypatch)
    for who in wrong:
        caplog.clear()
        at = app_as(cast.tokens[who]).run().switch_page(f"pages/{page}.py").run()
        assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [Refused]
        assert len(at.exception) == 1
        assert [name for name in PEOPLE if name in sent(at)] == []


def _open_every_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    pages_for = navigation.pages_for
    everything = frozenset({"trainer", "hr", "author", "admin"})
    monkeypatch.setattr(navigation, "pages_for", lambda actor: pages_for(replace(actor, roles=everything)))


def _promote(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = current.actor_of

    def promoted(token: str) -> Actor | None:
        found = resolve(token)
        return replace(found, roles=frozenset({"admin", "trainer", "author"})) if found else None

    monkeypatch.setattr(current, "actor_of", promoted)


def test_control_when_everybody_is_administrator(
    app_as: AppAs, cast: Cast, names: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With roles no longer read from the database the same questions find something: they can fail."""
    _promote(monkeypatch)
    for page in RESTRICTED:
        foreign, look = ROWS[page].other_unit, ROWS[page].works
        if isinstance(foreign, Look):
            assert wrong_in(opened(app_as, cast.tokens[foreign.who], page, foreign, names), foreign) != ""
        who = ROWS[page].wrong_role[0]
        assert wrong_in(opened(app_as, cast.tokens[who], page, look, names), look) == ""

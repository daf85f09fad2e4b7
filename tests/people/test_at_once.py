"""Two who do the same at the same moment, in two real transactions: both get an answer, neither a fault."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from people import account_store, registration, sso
from people.sso import Identity
from storage.engine import Database, Transaction
from storage.tables import sso_account
from tests.conftest import Cast

Act = Callable[[Transaction], object]


def _while_open(database: Database, first: Act, second: Act) -> object:
    """Do the first; before it is committed, begin the second, which then waits; return what the second gave."""

    def run() -> object:
        with database.write() as transaction:
            return second(transaction)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as transaction:
            first(transaction)
            began = pool.submit(run)
            _until_it_waits(database, began)
        return began.result(timeout=30)


def _until_it_waits(database: Database, began: Future[object]) -> None:
    if database.engine.dialect.name == "sqlite":  # one writer at a time anyway
        return
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    ends = time.monotonic() + 10
    while not began.done() and time.monotonic() < ends:
        with database.read() as transaction:
            if transaction.db.execute(waiting).scalar():
                return
        time.sleep(0.02)


def _enter(cast: Cast, state: str) -> Act:
    identity = Identity("https://sso.contoh.go.id", "hadi", cast.hadi.nip or "")
    return lambda t: sso.enter(t.db, identity=identity, state=state, old_token="", now=t.now)


def _open(cast: Cast) -> Act:
    return lambda t: registration.set_open(t.db, actor=cast.admin, opened=True, now=t.now)


def test_an_account_that_first_comes_twice_at_once_gets_in_twice(database: Database, cast: Cast) -> None:
    assert _while_open(database, _enter(cast, "one"), _enter(cast, "two"))
    with database.read() as transaction:
        assert transaction.db.execute(select(func.count()).select_from(sso_account)).scalar() == 1


def test_two_administrators_who_open_registration_at_once_both_have_it_open(database: Database, cast: Cast) -> None:
    _while_open(database, _open(cast), _open(cast))
    with database.read() as transaction:
        assert registration.is_open(transaction.db)


@pytest.mark.parametrize("what", ["enter", "open"])
def test_control_without_the_lock_the_second_is_a_fault_on_postgresql(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(account_store, "lock_bucket", lambda *_: None)
    acts = (_enter(cast, "one"), _enter(cast, "two")) if what == "enter" else (_open(cast), _open(cast))
    try:
        _while_open(database, *acts)
        failed = ""
    except Exception as error:
        failed = type(error).__name__
    assert failed == ("IntegrityError" if database.engine.dialect.name == "postgresql" else "")

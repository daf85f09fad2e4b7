"""Which login each open tab belongs to, so that nobody else can go on with it.

Streamlit resumes a session for whoever presents its id, and sends them what still waits in its queue before any of
our code runs. Tabs live in this process alone, as Streamlit's sessions do; a tab that is not known starts afresh.
"""

from collections import OrderedDict
from threading import Lock

MOST = 20_000
_lock = Lock()
_logins: OrderedDict[str, int] = OrderedDict()


def bind(session_id: str, login_id: int) -> None:
    """Note whose tab this is, before anything is drawn in it."""
    with _lock:
        _logins[session_id] = login_id
        _logins.move_to_end(session_id)
        while len(_logins) > MOST:
            _logins.popitem(last=False)


def login_of(session_id: str) -> int | None:
    """Return the login session that a tab belongs to."""
    with _lock:
        return _logins.get(session_id)

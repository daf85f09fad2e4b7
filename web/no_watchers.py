"""No file watchers in a tab that came back either.

`server.fileWatcherType = "none"` holds for new tabs alone: when Streamlit 1.67 resumes a dropped one it registers the
watchers all the same, and looks up the real path of every loaded module after its next run. That takes 100 to 250 ms
of the event loop for each tab that comes back, where a new tab takes 10: after a dropped network a thousand people
would wait for minutes.
"""

from streamlit import config
from streamlit.runtime.app_session import AppSession


def _register_nothing(self: AppSession) -> None:
    """Stand in for `AppSession.register_file_watchers`; taking watchers away copes with there being none."""


def install() -> None:
    """Put the empty function in the place of Streamlit's own, where the configuration asks for no watching."""
    if config.get_option("server.fileWatcherType") == "none":
        AppSession.register_file_watchers = _register_nothing  # type: ignore[method-assign]

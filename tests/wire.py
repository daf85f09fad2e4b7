"""A tab at protocol level: Streamlit's WebSocket and protobufs, without a browser. For load, faults and leaks."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

# The default means "wait for a login token"; any other text is taken as the XSRF token of the tab.
_NO_TOKEN = "none"


class Tab:
    """One open page. `frames` keeps every message as it came, for those who look for leaks."""

    def __init__(
        self, url: str, *, path: str = "", query: str = "", cookie: str = "", session_id: str = "", keep: bool = False
    ) -> None:
        parts = urlsplit(url)
        self.url, self.path, self.query = url, path, query
        self.socket_url = f"ws://{parts.netloc}/_stcore/stream"
        self.cookie, self.session_id, self.keep = cookie, session_id, keep
        self.page_hash = ""
        self.frames: list[bytes] = []
        self.widgets: dict[str, Any] = {}
        self.texts: list[str] = []
        self._held: dict[str, ForwardMsg] = {}
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> "Tab":
        await self.open()
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.close()

    async def open(self) -> None:
        """Open the socket and run the page once."""
        protocols: list[Any] = ["streamlit", _NO_TOKEN, *([self.session_id] if self.session_id else [])]
        headers = {"Cookie": self.cookie} if self.cookie else {}
        self._socket = await connect(
            self.socket_url,
            origin=self.url,  # type: ignore[arg-type]
            subprotocols=protocols,
            additional_headers=headers,
            max_size=None,
            open_timeout=60,
            ping_interval=None,
            compression=None,
        )
        await self.run()

    async def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            await self._socket.close()

    async def drop(self) -> None:
        """Cut the connection without a word, as a lost network does."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def run(self, states: Iterable[WidgetState] = ()) -> None:
        """Ask for a run with these widget values and read until it ends."""
        await self.send(states)
        await self.read()

    async def send(self, states: Iterable[WidgetState] = ()) -> None:
        """Ask for a run and do not wait for it."""
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string = self.query
        ask.widget_states.SetInParent()
        ask.widget_states.widgets.extend(states)
        ask.page_script_hash = self.page_hash
        if not self.page_hash:
            ask.page_name = self.path
        ask.cached_message_hashes.extend(self._held)
        ask.context_info.url = f"{self.url}/{self.path}"
        ask.context_info.timezone, ask.context_info.locale = "Asia/Jakarta", "id-ID"
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def read(self) -> None:
        """Read messages until the run has ended; a run that is replaced by a rerun goes on."""
        assert self._socket is not None
        while True:
            data = await self._socket.recv()
            assert isinstance(data, bytes)
            if self.keep:
                self.frames.append(data)
            if self._take(self._resolved(data)):
                return

    def _resolved(self, data: bytes) -> ForwardMsg:
        message: ForwardMsg = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "ref_hash":
            held = ForwardMsg()
            held.CopyFrom(self._held[message.ref_hash])
            return held
        if message.metadata.cacheable and message.hash:
            self._held[message.hash] = message
        return message

    def _take(self, message: ForwardMsg) -> bool:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id or self.session_id
            self.widgets, self.texts = {}, []
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element)
        elif kind == "script_finished":
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def _element(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        value = getattr(element, kind)
        if kind in ("markdown", "alert", "heading", "text"):
            self.texts.append(value.body)
        elif kind in ("radio", "checkbox", "button", "text_input", "text_area", "selectbox", "button_group"):
            self.widgets[value.id] = value

    def button(self, label: str) -> Any:
        """Return the first enabled button with this label. Raises LookupError."""
        for widget in self.widgets.values():
            if hasattr(widget, "is_form_submitter") and widget.label == label and not widget.disabled:
                return widget
        raise LookupError(f"no button {label!r}; there are {[w.label for w in self.widgets.values()]}")

    def of_kind(self, name: str) -> list[Any]:
        """Return the page's widgets of one kind, in order: Radio, Checkbox, Button …"""
        return [widget for widget in self.widgets.values() if widget.DESCRIPTOR.name == name]

    def says(self, text: str) -> bool:
        """Tell whether any text on the page holds this."""
        return any(text in one for one in self.texts)


def pressed(button: Any) -> WidgetState:
    """The state of a button that is being pressed."""
    return WidgetState(id=button.id, trigger_value=True)


def chosen(radio: Any, index: int) -> WidgetState:
    """The state of a radio or a list with its option number `index` chosen."""
    return WidgetState(id=radio.id, string_value=radio.options[index])


def answered(tab: "Tab", number: int = 0) -> list[WidgetState]:
    """Return the states that answer the question on the page, whatever its type; `number` picks another answer.

    Raises LookupError where there is none.
    """
    states = [chosen(one, (number + at) % len(one.options)) for at, one in enumerate(tab.of_kind("Radio"))]
    states += [chosen(one, (number + at) % len(one.options)) for at, one in enumerate(tab.of_kind("Selectbox"))]
    boxes = tab.of_kind("Checkbox")
    if not states and not boxes:
        raise LookupError(f"no question on the page: {tab.texts}")
    return states or [ticked(boxes[number % len(boxes)], on=True)]


def ticked(checkbox: Any, *, on: bool) -> WidgetState:
    """The state of a checkbox."""
    return WidgetState(id=checkbox.id, bool_value=on)

"""Faults: a person sees a sentence and a reference number, the log has the rest."""

import logging
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from people.roles import ProofNeeded, Refused
from storage.troubles import Kind, kind_of
from web import logs, phrases
from web.html import page
from web.middleware import addresses
from web.widgets import proof

log = logging.getLogger("sinetral")


_TROUBLES: Mapping[Kind, str] = {
    "busy": "Sistem sedang sibuk.",
    "full": "Penyimpanan server penuh. Beri tahu administrator.",
    "away": "Basis data sedang tidak dapat dihubungi.",
    "damaged": "Basis data bermasalah. Beri tahu administrator.",
}
_UNSAVED = (
    "{trouble} Perubahan terakhir Anda belum tersimpan; yang sudah tersimpan tidak hilang. "
    "Coba lagi sebentar lagi. Kode rujukan {code}."
)


def _told(error: Exception, **facts: object) -> str:
    """Log an error under a fresh reference and return the sentence for the person."""
    reference = token_hex(4).upper()
    log.error("fault", exc_info=error, extra={"reference": reference, **facts})
    kind = kind_of(error)
    if kind is None:
        return phrases.FAULT.format(code=reference)
    return _UNSAVED.format(trouble=_TROUBLES[kind], code=reference)


def on_script_error(error: Exception) -> bool:
    """Show a sentence instead of a traceback on Streamlit pages."""
    if isinstance(error, Refused):
        st.error(phrases.REFUSED, icon=":material/block:")
    elif isinstance(error, ProofNeeded):  # the ten minutes ended between the page and the click
        proof.ask(urlsplit(st.context.url or "").path)
    else:
        person_id = st.session_state.get("person_id")
        facts = {"person": logs.person(person_id)} if person_id else {}
        st.error(_told(error, **facts), icon=":material/warning:")
    return True


def _refused(_request: Request, _error: Exception) -> Response:
    return page("message.html", status=403, title="Tidak dapat dibuka", text=phrases.REFUSED)


def _proof_needed(request: Request, _error: Exception) -> Response:
    return RedirectResponse(addresses.proof(request.url.path), 303, headers={"Cache-Control": "no-store"})


def _missing(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return page("message.html", status=status, title="Tidak ditemukan", text="Alamat ini tidak ada. Periksa kembali.")


def _unreadable(_request: Request, error: Exception) -> Response:
    """Whatever else a route or the reader of forms refuses; its own words are for developers."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the table below says so
    text = "Permintaan ini tidak dapat dibaca. Kembali ke halaman sebelumnya, lalu coba lagi."
    return page("message.html", status=error.status_code, title="Tidak dapat dibaca", text=text)


def _fault(request: Request, error: Exception) -> Response:
    text = _told(error, method=request.method, route=logs.pattern_of(request.scope))
    return page("message.html", status=503 if kind_of(error) else 500, title="Gangguan", text=text)


HANDLERS: dict[Any, Callable[[Request, Exception], Response]] = {
    Refused: _refused,
    ProofNeeded: _proof_needed,
    404: _missing,
    405: _missing,
    HTTPException: _unreadable,
    Exception: _fault,
}

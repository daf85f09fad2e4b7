"""Faults: a person sees a sentence and a reference number, the log has the rest."""

import logging
from collections.abc import Callable
from secrets import token_hex
from typing import Any

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from people.roles import Refused
from web import phrases
from web.html import page

log = logging.getLogger("sinetral")


def _reference(error: Exception) -> str:
    reference = token_hex(4).upper()
    log.error("fault %s", reference, exc_info=error)
    return reference


def on_script_error(error: Exception) -> bool:
    """Show a sentence instead of a traceback on Streamlit pages."""
    if isinstance(error, Refused):
        st.error(phrases.REFUSED, icon=":material/block:")
    else:
        st.error(phrases.FAULT.format(code=_reference(error)), icon=":material/warning:")
    return True


def _refused(_request: Request, _error: Exception) -> Response:
    return page("message.html", status=403, title="Tidak dapat dibuka", text=phrases.REFUSED)


def _missing(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return page("message.html", status=status, title="Tidak ditemukan", text="Alamat ini tidak ada. Periksa kembali.")


def _fault(_request: Request, error: Exception) -> Response:
    text = phrases.FAULT.format(code=_reference(error))
    return page("message.html", status=500, title="Gangguan", text=text)


HANDLERS: dict[Any, Callable[[Request, Exception], Response]] = {
    Refused: _refused,
    404: _missing,
    405: _missing,
    Exception: _fault,
}

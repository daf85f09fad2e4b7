"""What stands where somebody must show again who they are."""

from datetime import datetime

import streamlit as st

from people import roles
from people.roles import Actor, ProofNeeded
from web.middleware.addresses import proof


def ask(target: str) -> None:
    """Say so, with the way there and back."""
    st.info("Untuk melanjutkan, pastikan dahulu identitas Anda. Ini berlaku 10 menit.", icon=":material/lock:")
    st.link_button("Pastikan identitas", proof(target), type="primary")


def gate(actor: Actor, now: datetime, target: str) -> None:
    """Let the page go on with a fresh proof; else ask for it and end here."""
    try:
        roles.require_proof(actor, now=now)
    except ProofNeeded:
        ask(target)
        st.stop()

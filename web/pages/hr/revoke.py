"""Cabut sertifikat: HR ends a certificate of an own unit, with a reason that everybody sees who checks it."""

import streamlit as st

from certificates import files, reading, revoking
from certificates.records import Certificate
from certificates.refusals import UnknownCertificate
from people.roles import Refused, see_completions
from web import current, phrases
from web.widgets import proof, renewal

actor = current.person()
see_completions(actor)


def find(text: str) -> Certificate | None:
    """Return the certificate named, when it is one that this person may see."""
    with current.read() as transaction:
        try:
            found = reading.named(transaction.db, text, transaction.now)
            return files.readable(transaction.db, actor=actor, certificate_id=found.id, now=transaction.now)
        except (UnknownCertificate, Refused):
            return None


def revoke(found: Certificate, reason: str) -> None:
    """End it, and say so once it is stored."""
    try:
        with current.write() as transaction:
            revoking.revoke(transaction.db, actor=actor, certificate_id=found.id, reason=reason, now=transaction.now)
    except revoking.ReasonMissing:
        st.error("Tuliskan alasan dengan 5 sampai 300 huruf.", icon=":material/warning:")
    except Refused:
        st.error(phrases.REFUSED, icon=":material/block:")
    else:
        st.success(f"Sertifikat dicabut {phrases.clock(transaction.now, actor.zone)}.", icon=":material/check:")


st.title("Cabut sertifikat")
st.markdown("Sertifikat yang dicabut tetap tampil pada halaman pemeriksaan, dengan tanggal dan alasannya.")
with current.read() as transaction:
    proof.gate(actor, transaction.now, "/cabut")
text = st.text_input("Nomor atau kode sertifikat", key="named", max_chars=80, help="Tekan Enter untuk mencari.")
certificate = find(text) if text.strip() else None
if text.strip() and certificate is None:
    st.info("Tidak ada sertifikat dengan nomor atau kode itu dalam unit Anda.", icon=":material/search:")
elif certificate is not None and certificate.standing.state == "revoked":
    st.info("Sertifikat ini sudah dicabut.", icon=":material/info:")
    renewal.allow_again(actor, certificate)
elif certificate is not None:
    st.markdown(f"**{phrases.plain(certificate.record.name)}** · {phrases.plain(certificate.record.number)}")
    with st.form("revoke", enter_to_submit=False):
        reason = st.text_input("Alasan, terbaca oleh siapa pun yang memeriksa", key="reason", max_chars=300)
        if st.form_submit_button("Cabut sertifikat", type="primary"):
            revoke(certificate, reason)

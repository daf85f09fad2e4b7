"""Cabut sertifikat: HR ends a certificate of an own unit, with a reason that everybody sees who checks it."""

import streamlit as st

from certificates import files, reading, revoking
from certificates.records import Certificate
from certificates.refusals import UnknownCertificate
from people.roles import Refused, see_completions
from web import current, phrases
from web.widgets import proof, renewal
from web.widgets.asking import ask, granted
from web.widgets.persons import identifier

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
    """End it, and say so once it is stored; nothing else stands on the page then."""
    try:
        with current.write() as transaction:
            revoking.revoke(transaction.db, actor=actor, certificate_id=found.id, reason=reason, now=transaction.now)
    except Refused:
        st.error(phrases.REFUSED, icon=":material/block:")
    else:
        clock = phrases.clock(transaction.now, actor.zone)
        whose = phrases.plain(f"{found.record.number} milik {found.record.name}")
        st.success(f"Sertifikat {whose} dicabut {clock}.", icon=":material/check:")
        st.button("Cabut sertifikat lain", key="another")
        st.stop()


def fill(found: Certificate) -> None:
    """Show whose it is, and ask for the reason and once more."""
    record = found.record
    holder = identifier(record.nip, record.employee_id)
    issued = f"terbit {phrases.long_date(record.issued_at, record.zone)}"
    st.markdown(f"**{phrases.plain(record.name)}** · {phrases.plain(f'{holder} · {record.unit}')}")
    st.markdown(phrases.plain(f"Nomor {record.number} · {issued}"))
    with st.form("revoke", enter_to_submit=False):
        reason = st.text_input("Alasan, terbaca oleh siapa pun yang memeriksa", key="reason", max_chars=300)
        if not st.form_submit_button("Cabut sertifikat", key="revoke_form", type="primary"):
            return
    try:
        revoking.readable(reason)
    except revoking.ReasonMissing:
        st.error("Tuliskan alasan dengan 5 sampai 300 huruf.", icon=":material/warning:")
        return
    whose = phrases.plain(f"{record.number} milik {record.name}")
    question = f"Cabut sertifikat {whose}? Pencabutan tidak dapat ditarik."
    ask("revoke", (found, reason), question, f"Ya, cabut sertifikat {phrases.plain(record.name)}")


st.title("Cabut sertifikat")
st.markdown("Sertifikat yang dicabut tetap tampil pada halaman pemeriksaan, dengan tanggal dan alasannya.")
with current.read() as transaction:
    proof.gate(actor, transaction.now, "/cabut")
if agreed := granted("revoke"):
    revoke(*agreed)
text = st.text_input("Nomor atau kode sertifikat", key="named", max_chars=80, help="Tekan Enter untuk mencari.")
certificate = find(text) if text.strip() else None
if text.strip() and certificate is None:
    st.info("Tidak ada sertifikat dengan nomor atau kode itu dalam unit Anda.", icon=":material/search:")
elif certificate is not None and certificate.standing.state == "revoked":
    st.info("Sertifikat ini sudah dicabut.", icon=":material/info:")
    renewal.allow_again(actor, certificate)
elif certificate is not None:
    fill(certificate)

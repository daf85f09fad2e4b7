"""Sertifikat: the picture, the file, the link to share, and what MyASN asks for."""

from urllib.parse import quote

import streamlit as st

from certificates import files, issuing, verifying, wording
from certificates.records import Certificate, Record
from certificates.verifying import Checked
from web import current, phrases
from web.widgets import programme, programme_cards, renewal


def my_asn(record: Record) -> list[tuple[str, str]]:
    """Return what the form of MyASN asks for, as it is typed there."""
    started, completed = (wording.local_day(at, record.zone) for at in (record.started_at, record.completed_at))
    return [
        ("Nama kursus", record.program_title),
        ("Penyelenggara", record.issuer_unit),
        ("Nomor sertifikat", record.number),
        ("Jumlah jam pelajaran", str(record.jp)),
        ("Tanggal mulai", f"{started:%d-%m-%Y}"),
        ("Tanggal selesai", f"{completed:%d-%m-%Y}"),
        ("Tahun", str(completed.year)),
    ]


def standing(certificate: Certificate) -> None:
    """Say how the certificate stands today."""
    words = phrases.plain(verifying.reason(Checked(certificate.standing.state, certificate)))
    if certificate.standing.state == "revoked":
        st.error(words, icon=":material/block:")
    elif certificate.standing.state != "valid" or certificate.record.is_example:
        st.warning(words, icon=":material/warning:")
    else:
        st.success(words, icon=":material/verified:")


def show(certificate: Certificate) -> None:
    """Draw one certificate with everything one does with it."""
    record = certificate.record
    standing(certificate)
    renewal.show(actor, certificate)
    alt = f"Halaman depan sertifikat nomor {record.number} atas nama {record.name}"
    st.markdown(f"![{phrases.plain(alt)}](/sertifikat/{certificate.id}.png)")
    st.markdown(f"**Nomor {phrases.plain(record.number)}**")
    message = f"Sertifikat {record.program_title}. Periksa keasliannya: {record.link}"
    with st.container(horizontal=True):
        st.link_button("Unduh PDF", f"/sertifikat/{certificate.id}.pdf", type="primary", icon=":material/download:")
        st.link_button("Bagikan tautan", f"https://wa.me/?text={quote(message)}", icon=":material/share:")
        st.link_button("Halaman pemeriksaan", f"/v/{record.code}", icon=":material/qr_code_2:")
    st.markdown(":gray[Tautan pemeriksaan]")
    st.code(record.link, language=None, wrap_lines=True)
    with st.expander("Isian untuk MyASN", icon=":material/fact_check:"):
        for label, value in my_asn(record):
            st.markdown(f":gray[{label}]")
            st.code(value, language=None, wrap_lines=True)


actor = current.person()
programs = (programme.chosen(),) if programme.named() else current.library().catalog.programs
with current.read() as transaction:
    db, now = transaction.db, transaction.now
    mine = files.of_person(db, actor=actor, now=now)
    statuses = [(program, issuing.status(db, actor=actor, program=program, now=now)) for program in programs]

st.title("Sertifikat")
if programme.named():
    mine = [certificate for certificate in mine if certificate.record.program_id == programs[0].id]
if not mine and all(status.state == "not_passed" for _, status in statuses):
    st.info("Belum ada sertifikat. Selesaikan program untuk memperolehnya.", icon=":material/info:")
    programme.home_link()
for program, status in statuses:
    programme_cards.remaining(program, status)
for certificate in mine:
    if len({one.record.program_id for one in mine}) > 1:
        st.header(phrases.plain(certificate.record.program_title), anchor=False)
    show(certificate)

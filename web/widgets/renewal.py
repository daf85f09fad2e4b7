"""The way to a new certificate: near the end of the old one, after it, or when HR allows it after a revocation."""

import streamlit as st

from certificates import renewing
from certificates.records import Certificate
from modules.catalog import Program
from people.roles import Actor, Refused
from web import current, phrases
from web.widgets import programme

CERTIFICATE = "pages/learner/certificate.py"


def show(actor: Actor, certificate: Certificate) -> None:
    """Offer the renewal of a certificate, or say when it opens; nothing where there is nothing to renew."""
    program = _offered(certificate)
    if program is None:
        return
    with current.read() as transaction:
        found = renewing.renewal(transaction.db, actor=actor, program=program, now=transaction.now)
    if found is None or found.certificate.id != certificate.id:
        return
    if found.state == "begun":
        words = f"Pembaruan sertifikat sedang berjalan: {_fresh(program)}lulus kuis akhir, lalu setujui pakta."
        st.info(words, icon=":material/sync:")
        query = programme.within(program.id)
        st.page_link(programme.HOME, label="Lanjutkan pembaruan", icon=":material/home:", query_params=query)
    elif found.state == "later" and found.opens_at:
        day = phrases.long_date(found.opens_at, certificate.record.zone)
        st.markdown(f":gray[Sertifikat dapat diperbarui mulai {day}.]")
    else:
        st.info(
            "Lulus kuis akhir dan setujui pakta integritas sekali lagi untuk memperoleh sertifikat baru. "
            "Sertifikat lama tetap tersimpan dan terbaca sebagai digantikan.",
            icon=":material/sync:",
        )
        if st.button("Perbarui sertifikat", key=f"renew-{certificate.id}", type="primary", width="stretch"):
            _begin(actor, program)


def _fresh(program: Program) -> str:
    """Name what else a renewal asks for, where passes count for a time only."""
    timed = any(step.valid_days for step in program.head.steps if step != program.final_quiz)
    return "segarkan kuis lain yang masa berlakunya lewat, " if timed else ""


def _offered(certificate: Certificate) -> Program | None:
    """Return the programme of a certificate while it is offered."""
    if certificate.record.program_id == current.program().id:
        return current.program()
    programs = {program.id: program for program in current.library().catalog.programs}
    return programs.get(certificate.record.program_id)


def _begin(actor: Actor, program: Program) -> None:
    with current.write() as transaction:
        renewing.begin(transaction.db, actor=actor, program=program, now=transaction.now)
    st.switch_page(programme.HOME, query_params=programme.within(program.id))


def at_home(program: Program, certificate: Certificate) -> None:
    """Say on the home page how the certificate stands, with the way to it where something is to be done."""
    number, state = phrases.plain(certificate.record.number), certificate.standing.state
    if state == "valid":
        st.success(f"Sertifikat Anda terbit dengan nomor {number}.", icon=":material/verified:")
        return
    query = programme.within(program.id)
    if state == "expired":
        st.warning(f"Sertifikat Anda nomor {number} kedaluwarsa.", icon=":material/schedule:")
        st.page_link(CERTIFICATE, label="Perbarui sertifikat", icon=":material/sync:", query_params=query)
    else:
        st.error(f"Sertifikat Anda nomor {number} dicabut. Hubungi SDM unit Anda.", icon=":material/block:")
        st.page_link(CERTIFICATE, label="Lihat sertifikat", icon=":material/verified:", query_params=query)


def allow_again(actor: Actor, certificate: Certificate) -> None:
    """For HR: let the holder of a revoked certificate pass and sign once more, while the programme is offered."""
    program = _offered(certificate)
    if program is None:
        return
    st.markdown("Pemegangnya dapat memperoleh sertifikat baru bila Anda mengizinkan kuis akhir dan pakta sekali lagi.")
    if not st.button("Izinkan kuis akhir sekali lagi", key="again", icon=":material/sync:"):
        return
    try:
        with current.write() as transaction:
            db, now = transaction.db, transaction.now
            renewing.allow_again(db, actor=actor, program=program, certificate_id=certificate.id, now=now)
    except (Refused, renewing.NothingToRenew):
        st.error("Sertifikat ini sudah digantikan, atau bukan dari unit Anda.", icon=":material/block:")
    else:
        st.success(
            f"Tersimpan {phrases.clock(now, actor.zone)}. Sampaikan kepada pemegangnya.", icon=":material/check:"
        )

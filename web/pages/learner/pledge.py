"""Pakta integritas: read and agree; the certificate follows at once where nothing is missing."""

import streamlit as st

from certificates import issuing, pdf, pledge
from certificates.refusals import AssuranceTooLow, CannotIssue
from web import current, phrases
from web.widgets import programme, refusals

CERTIFICATE = "pages/learner/certificate.py"


def agree() -> None:
    """Sign and issue in one transaction. When issuing is refused, the pledge stands."""
    pdf.prepare()
    with current.write() as transaction:
        db, now = transaction.db, transaction.now
        pledge.sign(db, actor=actor, program=program, now=now)
        try:
            issuing.issue(
                db,
                actor=actor,
                program=program,
                as_of=current.library().catalog.registry.as_of,
                now=now,
                public_url=current.settings().public_url,
            )
        except CannotIssue:
            return  # the page then says what is missing


def ask() -> None:
    """Draw the consent; nothing is agreed to in advance."""
    with st.form("pledge"):
        agreed = st.checkbox("Saya telah membaca dan menyetujui pakta integritas ini.", key="agreed")
        sent = st.form_submit_button("Setujui dan terbitkan sertifikat", type="primary", width="stretch")
    if sent and not agreed:
        st.warning("Beri tanda pada pernyataan di atas dahulu.", icon=":material/warning:")
    elif sent:
        agree()
        st.rerun()


actor, program = current.person(), programme.chosen()
with current.read() as transaction:
    status = issuing.status(transaction.db, actor=actor, program=program, now=transaction.now)

text = program.head.pledge
st.title(text.title)
if status.state == "not_passed":
    title = current.library().quiz(program.id, pledge.final_quiz(program)).title.lower()
    st.info(f"Terbuka setelah Anda lulus {title}.", icon=":material/lock:")
    programme.home_link()
    st.stop()

st.markdown(phrases.plain(text.intro))
st.markdown("\n".join(f"{number}. {phrases.plain(point)}" for number, point in enumerate(text.points, start=1)))
if status.certificate is not None:
    number = phrases.plain(status.certificate.record.number)
    st.success(f"Sertifikat Anda terbit dengan nomor {number}.", icon=":material/verified:")
    if st.button("Lihat sertifikat", key="lihat", icon=":material/verified:", type="primary", width="stretch"):
        st.switch_page(CERTIFICATE, query_params=programme.kept())
elif status.state == "passed_without_pledge":
    ask()
else:
    st.success("Pakta integritas sudah Anda setujui.", icon=":material/check_circle:")
    refusal = status.refusal
    if refusal is not None:
        st.warning(phrases.plain(refusals.words(refusal)), icon=":material/warning:")
    if isinstance(refusal, AssuranceTooLow) and actor.assurance != refusal.have:
        ask()  # known more surely than when the pledge was signed
    elif refusal is None and st.button("Terbitkan sertifikat", type="primary", width="stretch"):
        agree()
        st.rerun()

"""One question after another, remembered by the tab alone."""

import streamlit as st


def advance() -> None:
    st.session_state["number"] += 1


number = st.session_state.setdefault("number", 1)
st.markdown(f"# Soal {number} dari 10")
with st.form(f"soal-{number}"):
    st.radio("Pilih satu jawaban", ["Satu", "Dua"], index=None)
    st.form_submit_button("Simpan dan lanjut", on_click=advance)

"""One question; its answer and the score that belongs to it go into a file, one after the other."""

import os
import time
from pathlib import Path
from uuid import uuid4

import streamlit as st

with st.form("soal"):
    st.radio("Pilih satu jawaban", ["Satu", "Dua"], index=None)
    sent = st.form_submit_button("Simpan dan lanjut")
if sent:
    file, name = Path(os.environ["HALVES"]), uuid4().hex
    with file.open("a") as log:
        log.write(f"answer {name}\n")
    for _ in range(10):
        st.markdown("Menghitung nilai …")
        time.sleep(0.02)
    with file.open("a") as log:
        log.write(f"score {name}\n")

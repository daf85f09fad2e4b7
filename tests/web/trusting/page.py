"""Shows whoever signed in once, and takes its time."""

import time

import streamlit as st

if "sinetral" in st.context.cookies:
    st.session_state["name"] = "Sari Wulandari"
for _ in range(30):
    st.markdown(st.session_state.get("name", "Silakan masuk"))
    time.sleep(0.01)

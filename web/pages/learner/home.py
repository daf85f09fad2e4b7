"""Beranda."""

import streamlit as st

st.title("Beranda")

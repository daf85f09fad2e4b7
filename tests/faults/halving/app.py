"""The control of F07: an app that stores one answer in two steps with drawing between them."""

import os

import streamlit as st

app = st.App("page.py")

if __name__ == "__main__":
    port = int(os.environ["SINETRAL_PORT"])
    app.run(config={"server.port": port, "server.headless": True, "browser.gatherUsageStats": False})

"""The control of F05: an app that keeps people's places in its memory."""

import os

import streamlit as st

app = st.App("page.py")

if __name__ == "__main__":
    port = int(os.environ["SINETRAL_PORT"])
    app.run(config={"server.port": port, "server.headless": True, "browser.gatherUsageStats": False})

"""The control of T06: an app that trusts its session state and lets anybody resume a tab."""

import os

import streamlit as st

app = st.App("page.py")

if __name__ == "__main__":
    port = int(os.environ["SINETRAL_PORT"])
    app.run(config={"server.port": port, "server.headless": True, "browser.gatherUsageStats": False})

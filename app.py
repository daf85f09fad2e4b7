"""Composition of the whole app; `python app.py` starts everything."""

import streamlit as st
from starlette.middleware import Middleware

from web import faults, logs, startup
from web.middleware import MIDDLEWARE
from web.routes import ROUTES

app = st.App(
    "web/frame.py",
    routes=ROUTES,
    middleware=[Middleware(logs.AccessLog), *MIDDLEWARE],
    lifespan=startup.lifespan,
    on_script_error=faults.on_script_error,
    exception_handlers=faults.HANDLERS,
)

if __name__ == "__main__":
    app.run(config=startup.chosen())

"""The whole app, which says when Streamlit asks for the machine's outer address; OPEN=1 takes the origin check out."""

import os
import sys

import streamlit as st
from streamlit import net_util

from web import current, faults, startup
from web.middleware import MIDDLEWARE, OriginCheck
from web.routes import ROUTES

ASKED = "asked for the outer address"


def tell() -> None:
    """Stand in for the look-up, which would block the event loop for seconds."""
    sys.stdout.write(ASKED + "\n")
    sys.stdout.flush()


net_util.get_external_ip = tell
net_util.get_internal_ip = tell
taken_out: object = OriginCheck if os.environ.get("OPEN") else None
middleware = [each for each in MIDDLEWARE if each.cls is not taken_out]
# The script stands elsewhere: what matters here happens before any script runs.
app = st.App(
    "page.py", routes=ROUTES, middleware=middleware, lifespan=startup.lifespan, exception_handlers=faults.HANDLERS
)

if __name__ == "__main__":
    app.run(config=startup.options(current.settings()))

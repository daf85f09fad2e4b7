"""ASGI middleware in front of everything, WebSockets included. None of it does any work on a WebSocket's messages."""

from starlette.middleware import Middleware

from web.middleware.addresses import PAGES, second_factor
from web.middleware.closed import ClosedAddresses
from web.middleware.gate import SignInGate, UploadGate
from web.middleware.headers import SecurityHeaders
from web.middleware.limits import BodyLimits
from web.middleware.origin import OriginCheck, origin_allowed
from web.middleware.precompressed import Precompressed
from web.middleware.tabs import OwnTabs

# The order is the order of work: headers go on whatever comes back, and what is refused costs nothing further.
MIDDLEWARE = [
    Middleware(SecurityHeaders),
    Middleware(ClosedAddresses),
    Middleware(OriginCheck),
    Middleware(OwnTabs),
    Middleware(BodyLimits),
    Middleware(UploadGate),
    Middleware(Precompressed),
    Middleware(SignInGate, pages=PAGES),
]

__all__ = ["MIDDLEWARE", "PAGES", "OriginCheck", "SignInGate", "origin_allowed", "second_factor"]

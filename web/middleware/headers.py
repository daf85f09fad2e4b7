"""Security headers on every response, faults included."""

from functools import lru_cache

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import current, faults
from web.index_page import rewritten, script_hashes, shipped

Pairs = tuple[tuple[bytes, bytes], ...]
# Few words, for they stand on each of the seventy answers that a first visit takes.
UNUSED_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb")


@lru_cache(maxsize=1)
def allowed_scripts() -> str:
    """Return the hashes of the index's own scripts, reckoned once, at start. Raises IndexChanged."""
    return " ".join(script_hashes(rewritten(shipped())))


def content_security_policy(hosts: tuple[str, ...], *, secure: bool) -> str:
    """Return the policy of threats.md: own files only, and the one inline script that Streamlit ships, by its hash."""
    # Older Safari does not take 'self' for WebSockets; [::1] is no valid host source.
    sockets = " ".join(f"{'wss' if secure else 'ws'}://{host}" for host in hosts if "[" not in host)
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {allowed_scripts()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {sockets}",
            "worker-src 'self' blob:",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


@lru_cache(maxsize=4)
def security_headers(hosts: tuple[str, ...], secure: bool) -> Pairs:
    """Return what stands on every answer, as ASGI takes it."""
    headers = {
        "Content-Security-Policy": content_security_policy(hosts, secure=secure),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES),
    }
    if secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return tuple((name.lower().encode(), value.encode()) for name, value in headers.items())


class SecurityHeaders:
    """Puts the same headers on every HTTP response, in place of any that came with it (threats T15)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        settings = current.settings()
        ours = security_headers(settings.allowed_hosts, settings.secure)
        names = {name for name, _ in ours}
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
                message["headers"] = [*kept, *ours]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:
            # The framework would answer outside of this middleware, without the headers.
            if not started:
                await faults.HANDLERS[Exception](Request(scope), error)(scope, receive, send_with_headers)
            raise

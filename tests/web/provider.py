"""An OpenID Connect provider of the tests' own: real HTTP on loopback, as honest or as wrong as a test wants it."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep, time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, SECRET = "sinetral", "rahasia-penyedia"
Change = Callable[[dict[str, Any]], None]


class Provider:
    """Who signs in, and what is wrong with the ID token, is set by the test before somebody is sent here."""

    def __init__(self) -> None:
        self.key = self.signing = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.user: dict[str, Any] = {}
        self.change: Change = lambda _claims: None
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        self.issuer = ""
        self.metadata: Callable[[dict[str, Any]], None] = lambda _found: None
        self.asked: dict[str, dict[str, str]] = {}
        self.codes_work_often = False
        self.pause = 0.0
        self.looks_at_keys = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/realms/asn"
        self.issuer = self.url
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def metadata_url(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def close(self) -> None:
        """Stop answering: nobody listens there any more."""
        self._server.shutdown()
        self._server.server_close()

    def authorize(self, address: str) -> str:
        """Sign the user in at the authorization endpoint; return the query of the way back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"code={code}&state={asked['state']}"

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.asked.get(form.get("code", ""))
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if not authorization.startswith("Basic "):
            return 401, {"error": "invalid_client"}
        if not self.codes_work_often:
            del self.asked[form["code"]]
        now = int(time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 60,
            "auth_time": now,
            "nonce": asked["nonce"],
            **self.user,
        }
        self.change(claims)
        token = jwt.encode(self.header, claims, self.signing, algorithms=[str(self.header["alg"])])
        return 200, {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token}

    def _described(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/certs",
        }
        self.metadata(found)
        return found

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def _send(self, status: int, body: dict[str, Any]) -> None:
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def do_GET(self) -> None:
                if self.path.startswith(f"{urlsplit(provider.url).path}/auth?"):
                    back = dict(parse_qsl(urlsplit(self.path).query))["redirect_uri"]
                    self.send_response(302)
                    self.send_header("Location", f"{back}?{provider.authorize(self.path)}")
                    self.end_headers()
                elif self.path.endswith("/openid-configuration"):
                    self._send(200, provider._described())
                else:
                    provider.looks_at_keys += 1
                    sleep(provider.pause)
                    self._send(200, {"keys": [provider.key.as_dict(private=False)]})

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                form = dict(parse_qsl(self.rfile.read(length).decode()))
                sleep(provider.pause)
                self._send(*provider._token(form, self.headers.get("Authorization", "")))

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        return Handler

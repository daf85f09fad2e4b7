"""Sign-in, activation and sign-out: light HTML that works without script."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from people import activation, devices, entry, passwords, registration, signin, throttle, words
from people.activation import CodeRefused
from people.entry import NotMatching
from people.roles import Actor
from people.throttle import Throttled
from web import current, phrases
from web.forms import posted
from web.html import page
from web.middleware import PAGES, second_factor
from web.routes import example

Fields = Mapping[str, str]
NOT_MATCHING = "NIP atau kata sandi tidak cocok. Periksa kembali, atau minta kode baru kepada SDM."
TOO_MANY = "Terlalu banyak percobaan. Coba lagi pukul {until}."
CODE_REFUSED = "Kode tidak berlaku atau sudah dipakai. Minta kode baru kepada SDM."
DEVICE_DAYS = 180
NO_OTHER_WAYS = {"newcomer": False, "registration": False}


def own_page(path: str) -> str:
    """Return a page of ours to go to after sign-in; anything that is not in the table is the home page (T19)."""
    return path if path in PAGES else "/"


def signed_in(request: Request) -> Actor | None:
    """Return the person behind a request's cookie."""
    return current.actor_of(token_of(request))


def entered(request: Request) -> Actor | None:
    """Return the person behind a request's cookie once nothing is owed: a half-open session is nobody's yet."""
    actor = signed_in(request)
    return None if actor is None or actor.owes_factor else actor


def token_of(request: Request) -> str:
    """Return the session token that a request carries."""
    return current.token_in(request.headers.get("cookie", ""))


def show_signin(request: Request) -> Response:
    """The sign-in form; whoever is signed in goes on."""
    target = own_page(request.query_params.get("next", ""))
    if signed_in(request):
        return RedirectResponse(target, 303)
    with current.read() as transaction:
        ways = {
            "newcomer": example.offered(request, transaction.db),
            "registration": registration.is_open(transaction.db),
        }
    return signin_page(target, left="keluar" in request.query_params, ways=ways)


def signin_page(
    target: str, *, status: int = 200, error: str = "", left: bool = False, ways: Mapping[str, bool] = NO_OTHER_WAYS
) -> Response:
    """Draw the sign-in form, with the agency's way where there is one."""
    settings = current.settings()
    agency = settings.oidc_name if settings.oidc_metadata_url else ""
    shown = {"target": target, "error": error, "left": left, "agency": agency, **ways}
    return page("masuk.html", status=status, title="Masuk", **shown)


def sign_in(request: Request, fields: Fields) -> Response:
    """Check NIP and password. Whether the person exists shows neither in the reply nor in the work done."""
    target, device = own_page(fields.get("next", "")), device_of(request)
    key, typed = current.settings().secret.encode(), fields.get("nip", "")
    try:
        with current.write() as transaction:
            attempt = entry.begin(transaction.db, identifier=typed, device=device, key=key, now=transaction.now)
        if not passwords.matches(attempt.password_hash, fields.get("sandi", "")):
            raise NotMatching
        with current.write() as transaction:
            token = entry.finish(transaction.db, attempt=attempt, old_token=token_of(request), now=transaction.now)
    except Throttled as throttled:
        return too_many(signin_page(target, status=429, error=until(throttled)))
    except NotMatching:
        return signin_page(target, status=401, error=NOT_MATCHING)
    return _entered(request, target, token, attempt.identifier)


def until(throttled: Throttled) -> str:
    """Say when the next try counts: the minute after, so that it then does."""
    return TOO_MANY.format(until=phrases.clock(throttled.until + timedelta(minutes=1), "Asia/Jakarta"))


def too_many(answer: Response) -> Response:
    """Say the same to machines."""
    answer.headers["Retry-After"] = str(int(throttle.WINDOW.total_seconds()))
    return answer


def _entered(request: Request, target: str, token: str, identifier: str) -> Response:
    actor = current.actor_of(token)
    if actor is not None and actor.owes_factor:
        target = second_factor(target)
    answer = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    current.set_cookie(answer, token)
    key, device = current.settings().secret.encode(), device_of(request)
    answer.set_cookie(
        _device_cookie(),
        devices.remembered(device, identifier=identifier, key=key),
        max_age=DEVICE_DAYS * 24 * 3600,
        path="/",
        secure=current.settings().secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _device_cookie() -> str:
    return f"{current.cookie_name()}_perangkat"


def device_of(request: Request) -> str:
    """Return the device cookie of a request."""
    return request.cookies.get(_device_cookie(), "")


def show_activation(_request: Request) -> Response:
    """The activation form; the first administrator's link fills it from behind the #."""
    return _activation_page({}, {})


def _activation_page(fields: Fields, errors: Mapping[str, str], *, status: int = 200) -> Response:
    typed = {name: fields.get(name, "")[:80] for name in ("nip", "kode")}
    shown = {"kode": "", "sandi": "", **errors}
    return page("aktivasi.html", status=status, title="Aktifkan akun", typed=typed, errors=shown)


def activate(request: Request, fields: Fields) -> Response:
    """Set a password with a personal code, and sign in."""
    identifier, code, password = (fields.get(name, "") for name in ("nip", "kode", "sandi"))
    try:
        with current.read() as transaction:
            found = activation.candidate(transaction.db, identifier=identifier, code=code, now=transaction.now)
        known = {"identifier": entry.canonical(identifier), "name": found.name}
        if refusal := passwords.refusal(password, **known, shortest=found.shortest):
            return _activation_page(fields, {"sandi": words.sentence(refusal, least=found.shortest)}, status=422)
        password_hash = passwords.hashed(password)
        with current.write() as transaction:
            token = activation.activate(
                transaction.db,
                person_id=found.person_id,
                code=code,
                password_hash=password_hash,
                old_token=token_of(request),
                now=transaction.now,
            )
    except CodeRefused:
        return _activation_page(fields, {"kode": CODE_REFUSED}, status=422)
    return _entered(request, "/", token, entry.canonical(identifier))


def show_signout(request: Request) -> Response:
    """Ask before signing out; a link alone changes nothing."""
    if signed_in(request) is None:
        return RedirectResponse("/masuk", 303)
    return page("keluar.html", title="Keluar")


def sign_out(request: Request, _fields: Fields) -> Response:
    """End the session, here and in every tab that shares it."""
    with current.write() as transaction:
        signin.close_session(transaction.db, token=token_of(request), now=transaction.now)
    answer = RedirectResponse("/masuk?keluar=1", 303)
    current.drop_cookie(answer)
    return answer


ROUTES = [
    Route("/masuk", show_signin),
    Route("/masuk", posted(sign_in), methods=["POST"]),
    Route("/aktivasi", show_activation),
    Route("/aktivasi", posted(activate), methods=["POST"]),
    Route("/keluar", show_signout),
    Route("/keluar", posted(sign_out), methods=["POST"]),
]

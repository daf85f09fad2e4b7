"""All own routes, in one list."""

from starlette.routing import BaseRoute

from web.routes import (
    assets,
    certificates,
    codes,
    example,
    exports,
    health,
    pages,
    proof,
    registration,
    second,
    signin,
    sso,
    verify,
)

# The pages stand last: they take every address that is left, and say 404 where none is theirs.
ROUTES: list[BaseRoute] = [
    *assets.ROUTES,
    *signin.ROUTES,
    *second.ROUTES,
    *proof.ROUTES,
    *registration.ROUTES,
    *sso.ROUTES,
    *codes.ROUTES,
    *example.ROUTES,
    *health.ROUTES,
    *exports.ROUTES,
    *verify.ROUTES,
    *certificates.ROUTES,
    *pages.ROUTES,
]

"""All own routes, in one list."""

from starlette.routing import BaseRoute

from web.routes import assets, example, exports, health, pages

# The pages stand last: they take every address that is left, and say 404 where none is theirs.
ROUTES: list[BaseRoute] = [*assets.ROUTES, *example.ROUTES, *health.ROUTES, *exports.ROUTES, *pages.ROUTES]

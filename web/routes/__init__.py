"""All own routes, in one list."""

from starlette.routing import BaseRoute

from web.routes import assets, exports, health

ROUTES: list[BaseRoute] = [*assets.ROUTES, *health.ROUTES, *exports.ROUTES]

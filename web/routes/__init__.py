"""All own routes, in one list."""

from starlette.routing import BaseRoute

from web.routes import health

ROUTES: list[BaseRoute] = [*health.ROUTES]

"""Light HTML pages: Jinja2 templates with everything escaped."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from web import phrases
from web.static_files import asset_url


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(loader=loader, autoescape=select_autoescape(default=True), undefined=StrictUndefined)
    environment.globals["phrases"] = phrases
    environment.globals["asset"] = asset_url
    return environment


def page(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template into a response that no cache keeps."""
    body = _environment().get_template(template).render(**values)
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "no-store"})

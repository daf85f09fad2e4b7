"""/unduh/<id>: streams a list that the signed-in person asked for."""

from collections.abc import Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from certificates.wording import local_day
from people.roles import Actor, see_completions
from reports import exports
from reports.exports import Kind
from reports.rows import Filter
from web import current
from web.routes.signin import entered

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def download(request: Request) -> Response:
    """Stream the file to the person who asked for it, with the rights they have now."""
    actor = entered(request)
    if actor is None:
        return RedirectResponse("/masuk", 303)
    with current.write() as transaction:
        try:
            kind, program_id, wanted = exports.asked(
                transaction.db, actor=actor, export_id=request.path_params["export_id"]
            )
        except LookupError as error:
            raise HTTPException(404) from error
        exports.note_download(transaction.db, actor=actor, kind=kind, program_id=program_id, now=transaction.now)
    name = f"penyelesaian-{program_id}-{local_day(transaction.now, actor.zone):%Y%m%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_chunks(actor, kind, program_id, wanted), media_type=_TYPES[kind], headers=headers)


def _chunks(actor: Actor, kind: Kind, program_id: str, wanted: Filter) -> Iterator[bytes]:
    with current.read() as transaction:
        yield from exports.stream(
            transaction.db,
            scope=see_completions(actor),
            program=current.program(program_id),
            wanted=wanted,
            kind=kind,
            now=transaction.now,
            link=current.settings().public_url,
        )


ROUTES = [Route("/unduh/{export_id}", download)]

"""/sertifikat/<id>.pdf and .png: for the holder and for HR of the holder's unit, never kept by a cache."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from certificates import files, png
from certificates.files import File
from certificates.refusals import UnknownCertificate
from people.roles import Actor, Refused
from web import current
from web.routes.signin import entered

NO_STORE = {"Cache-Control": "no-store"}


def _file(actor: Actor, certificate_id: str) -> File:
    """Make the file again. An unknown id and somebody else's look alike: 404."""
    try:
        with current.read() as transaction:
            found = files.readable(transaction.db, actor=actor, certificate_id=certificate_id, now=transaction.now)
    except (UnknownCertificate, Refused) as error:
        raise HTTPException(404) from error
    return files.file(found)


def pdf(request: Request) -> Response:
    """Send the PDF to be saved."""
    actor = entered(request)
    if actor is None:
        return RedirectResponse("/masuk", 303)
    file = _file(actor, request.path_params["certificate_id"])
    headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, media_type="application/pdf", headers=headers)


def picture(request: Request) -> Response:
    """Send the first page as a picture."""
    actor = entered(request)
    if actor is None:
        return RedirectResponse("/masuk", 303)
    file = _file(actor, request.path_params["certificate_id"])
    return Response(png.first_page(file.content), media_type="image/png", headers=NO_STORE)


ROUTES = [Route("/sertifikat/{certificate_id}.pdf", pdf), Route("/sertifikat/{certificate_id}.png", picture)]

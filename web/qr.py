"""QR codes inside light pages: one SVG, black on white in either colour scheme."""

import re

from markupsafe import Markup

QUIET = 4
_PATH = re.compile(r'<path d="([^"]+)"')
_SIDE = re.compile(r'<svg width="(\d+)"')


def svg(text: str) -> Markup:
    """Return the QR code of a text, level M, quiet zone included."""
    import zxingcpp

    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg(add_quiet_zones=False)
    side, path = _SIDE.search(drawn), _PATH.search(drawn)
    if side is None or path is None:
        raise ValueError("zxing-cpp draws its SVG in another way")
    size = int(side[1]) + 2 * QUIET
    return Markup(
        '<svg class="qr" viewBox="-{q} -{q} {s} {s}" aria-hidden="true"><path fill="#fff" d="M-{q}-{q}h{s}v{s}h-{s}z"/>'
        '<path fill="#000" d="{d}"/></svg>'
    ).format(q=QUIET, s=size, d=path[1])

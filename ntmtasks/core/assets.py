"""Style sheets, scripts and icons under /assets/, immutable, with their version in the address.

Third-party files come out of the installed packages that carry them; nothing of them is in the
repository. The few icons we use are cut from the package's sprite once at start.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from markupsafe import Markup

from ntmtasks import paths
from ntmtasks.core.access import public
from ntmtasks.core.addresses import mounted_at

bp = Blueprint("assets", __name__)

ICONS = (
    "archive", "arrow-return-left", "bar-chart", "bell", "box-arrow-right", "building",
    "calendar-week", "chat-left-text", "check-circle", "check2-square", "chevron-right",
    "clipboard-check", "clock-history", "cone-striped", "dash-circle", "envelope", "exclamation-square-fill",
    "file-earmark-text", "gear", "hourglass-split", "house", "journal-text", "list-task",
    "moon", "pencil", "people", "person-circle", "plus-lg", "printer", "record-circle-fill",
    "pin-angle", "plug", "search", "sun", "three-dots", "triangle-fill", "tv", "volume-mute",
)  # fmt: skip


@dataclass(frozen=True)
class Asset:
    """One file ready to be sent; `version` is a hash of its bytes."""

    body: bytes
    packed: bytes
    content_type: str
    version: str


def _from_package(distribution: str, path: str) -> bytes:
    return Path(str(metadata.distribution(distribution).locate_file(path))).read_bytes()


def _icons() -> bytes:
    sprite = _from_package(
        "bootstrap-flask", "flask_bootstrap/static/bootstrap5/icons/bootstrap-icons.svg"
    ).decode()
    symbols = []
    for name in ICONS:
        found = re.search(rf'<symbol[^>]* id="{re.escape(name)}".*?</symbol>', sprite, re.DOTALL)
        if found is None:
            raise LookupError(f"bootstrap-icons has no icon {name!r}")
        symbols.append(found.group())
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _asset(body: bytes, content_type: str) -> Asset:
    version = hashlib.sha256(body).hexdigest()[:12]
    return Asset(body, gzip.compress(body, 9, mtime=0), content_type, version)


def init_app(app: Flask) -> None:
    """Load all assets and offer `asset_url('app.css')` and `svg_icon('bell')` to templates."""
    css, js = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
    own = paths.resource("static")
    assets = {
        "bootstrap.css": _asset(
            _from_package(
                "bootstrap-flask", "flask_bootstrap/static/bootstrap5/css/bootstrap.min.css"
            ).replace(b"/*# sourceMappingURL=bootstrap.min.css.map */", b""),
            css,
        ),
        "htmx.js": _asset(
            _from_package("django-htmx", "django_htmx/static/django_htmx/htmx-2.min.js"), js
        ),
        "app.css": _asset((own / "app.css").read_bytes(), css),
        "app.js": _asset((own / "app.js").read_bytes(), js),
        "work.js": _asset((own / "work.js").read_bytes(), js),
        "mentions.js": _asset((own / "mentions.js").read_bytes(), js),
        "status.css": _asset((own / "status.css").read_bytes(), css),
        "status.js": _asset((own / "status.js").read_bytes(), js),
        "favicon.svg": _asset((own / "favicon.svg").read_bytes(), "image/svg+xml"),
        "icons.svg": _asset(_icons(), "image/svg+xml"),
    }
    app.extensions["ntmtasks_assets"] = assets
    app.register_blueprint(bp)
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.globals["svg_icon"] = svg_icon


def asset_url(name: str) -> str:
    """Address of an asset with its version."""
    asset = current_app.extensions["ntmtasks_assets"][name]
    # What url_for would say, but a page asks for it a hundred times.
    return f"{mounted_at()}/assets/{asset.version}/{name}"


def svg_icon(name: str, label: str = "") -> Markup:
    """One of ICONS; `label` is read out where no word stands beside it."""
    return _svg_icon(mounted_at(), name, label)


@cache  # the file with the icons is read once in a process
def _svg_icon(_mounted_at: str, name: str, label: str) -> Markup:
    address = f"{asset_url('icons.svg')}#{name}"
    hidden = Markup('aria-hidden="true"')
    said = Markup('role="img" aria-label="{}"').format(label) if label else hidden
    return Markup('<svg class="icon" {}><use href="{}"></use></svg>').format(said, address)


@bp.get("/assets/<version>/<name>")
@public
def show(version: str, name: str) -> Response:
    """Send an asset; an old version gets the current file without the promise that it stays."""
    asset = current_app.extensions["ntmtasks_assets"].get(name)
    if asset is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.packed if packed else asset.body, content_type=asset.content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    fresh = version == asset.version
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if fresh else "no-cache"
    )
    return response

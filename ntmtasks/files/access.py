"""Handing out stored files. Who may have one is said by the room whose row it hangs on."""

from flask import Response, abort, current_app, send_file

from ntmtasks.core import clock
from ntmtasks.files import queries, service
from ntmtasks.files.models import StoredFile
from ntmtasks.history.service import Actor


def send(stored: StoredFile) -> Response:
    """The file as an attachment under the name it came with; 404 when it is gone from the disk."""
    try:
        content = service.open_stored(stored)
    except FileNotFoundError:
        current_app.logger.error("stored file %s is missing on disk", stored.id)
        abort(404)
    response = send_file(
        content,
        mimetype=stored.content_type,
        as_attachment=True,
        download_name=stored.name,
        etag=stored.sha256,
        last_modified=stored.uploaded_at,
        max_age=0,  # the right to read it may end
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def file_to_decide(actor: Actor, file_id: int) -> StoredFile:
    """A file that this person brought and that still waits for a decision, or 404."""
    return queries.held(file_id, actor.id, clock.real_now()) or abort(404)

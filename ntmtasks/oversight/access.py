"""The one door to a status page."""

from flask import abort

from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.queries import status_pages as queries


def status_page(page_id: int) -> StatusPage:
    """The page, for the coordinators, who keep all of them; 404 where there is none."""
    return queries.status_page(page_id) or abort(404)


def status_page_to_change(page_id: int) -> StatusPage:
    """The page while its link opens it; 404 where it has ended, as nothing brings it back."""
    found = status_page(page_id)
    return found if queries.is_living(found) else abort(404)

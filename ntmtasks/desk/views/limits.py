"""How much may be sent at once, as the settings say."""

from typing import TypeVar

from ntmtasks.core import settings
from ntmtasks.progress.forms import EvidenceFields

F = TypeVar("F", bound=EvidenceFields)


def limited(form: F) -> F:
    """The same form, which now knows how big a file and all files together may be."""
    form.megabytes = settings.number(settings.UPLOAD_MEGABYTES)
    form.total_megabytes = settings.number(settings.TOTAL_MEGABYTES)
    return form

"""The letter of this room."""

from dataclasses import dataclass

from flask import current_app

from ntmtasks.core import instance
from ntmtasks.reminders import labels
from ntmtasks.reminders.queries import Digest


@dataclass(frozen=True)
class Letter:
    """A mail before it has a recipient."""

    subject: str
    text: str
    html: str


def digest_letter(digest: Digest) -> Letter:
    """The morning's mail to one recipient."""
    # Not flask.render_template: its context processors want a request, and a sweep has none.
    subject, text, html = (
        current_app.jinja_env.get_template(f"email/reminder/{part}").render(
            digest=digest,
            base_url=instance.config().base_url,
            when=lambda item: labels.when(item, digest.day),
        )
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(subject.strip(), text.strip() + "\n", html)

"""The letters of this room."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app

from ntmtasks.accounts.models import User


@dataclass(frozen=True)
class Letter:
    """A letter ready for the outbox."""

    subject: str
    text: str
    html: str


def password_reset(user: User, link: str, life: timedelta) -> Letter:
    """The letter with the link to set a new password, valid for `life`."""
    env = current_app.jinja_env
    said = {"name": user.name, "username": user.username, "link": link}
    said["minutes"] = str(int(life.total_seconds()) // 60)
    subject, text, html = (
        env.get_template(f"email/password_reset/{part}").render(said)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Letter(subject.strip(), text, html)

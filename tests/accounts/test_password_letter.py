"""The letter with the link to set a new password."""

from datetime import timedelta
from pathlib import Path

from flask import Flask

from ntmtasks.accounts import mails
from ntmtasks.accounts.models import User

GOLDEN = Path(__file__).with_name("password_reset.golden.txt")
LINK = "https://ntm.example.invalid/reset/abc"


def test_the_letter_reads_as_agreed_and_escapes_names(app: Flask) -> None:
    person = User(username="lan", name="Nguyễn Thị <Lan>")
    letter = mails.password_reset(person, LINK, timedelta(minutes=60))
    assert f"{letter.subject}\n\n{letter.text}\n" == GOLDEN.read_text()
    assert "Nguyễn Thị &lt;Lan&gt;" in letter.html
    assert f'href="{LINK}"' in letter.html

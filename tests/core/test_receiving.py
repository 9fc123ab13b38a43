"""What nobody who is signed in sends is answered before a long body is read."""

import io
from typing import Any

from flask import Flask
from sqlalchemy import delete

from ntmtasks.accounts.models import UserSession
from ntmtasks.core.db import db, transaction
from ntmtasks.core.throttle import record_failure
from ntmtasks.progress.rules.guests import MOST_POSTS
from ntmtasks.progress.service import guests
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody

MEGABYTE = 2**20
FILE = "multipart/form-data; boundary=x"


class Line(io.BytesIO):
    """A body of which nobody may read a byte."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = readinto = read


class Sent(io.BytesIO):
    """A body on a line that stays open: whoever reads on waits for ever."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert self.tell() < len(self.getvalue())
        return super().read(size)


def send(client: Client, path: str, **more: Any) -> Any:
    """The answer to 100 MB with files of which nothing has arrived yet."""
    given = {"input_stream": Line(), "content_type": FILE, "content_length": 100 * MEGABYTE}
    return client.open(path, method="POST", **given, **more)


def test_who_is_not_signed_in_gets_an_answer_before_anything_is_read(outsider: Client) -> None:
    task = of("III.1.d", "Sở NN&PTNT")
    answer = send(outsider, f"/assignments/{task.id}/evidence")
    assert (answer.status_code, answer.location) == (303, "/login?lost=1")
    short = outsider.open(
        f"/assignments/{task.id}/progress", method="POST", input_stream=Line(), content_length=9
    )
    assert short.status_code == 303
    swapped = send(outsider, f"/assignments/{task.id}/evidence", headers={"HX-Request": "true"})
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (401, "/login")
    assert send(outsider, "/no-such-page").status_code == 404
    assert send(outsider, "/guest/invented").status_code == 404


def test_a_lost_session_finds_the_login_after_the_last_byte(client_of: ClientOf) -> None:
    client = client_of("chuyenvien")
    with transaction():
        db.session.execute(delete(UserSession))
    for length in (1000, 100_000):  # short ones are taken in before anybody asks who sends them
        body = Sent(b"x" * length)
        given = {"input_stream": body, "content_type": FILE, "content_length": length}
        answer = client.open("/my-work/", method="POST", **given)
        assert (answer.status_code, answer.location) == (303, "/login?lost=1")
        assert body.tell() == length


def test_a_login_takes_no_files(outsider: Client) -> None:
    files = {"username": "x", "password": "x", "f": (io.BytesIO(b"x" * 5 * MEGABYTE), "x.pdf")}
    answer = outsider.post("/login", files, content_type="multipart/form-data")
    assert answer.status_code == 413


def test_a_busy_link_takes_no_more_files(app: Flask, outsider: Client) -> None:
    work, maker = of("IV.4.-1", "Hội Nông dân"), somebody("dieuphoi")
    path = guests.make(maker, work, "Hội xã", 7, lambda token: f"/guest/{token}")
    found = guests.opened(path.rpartition("/")[2], "127.0.0.1")
    assert found is not None
    for _ in range(MOST_POSTS):
        record_failure(guests.POST, str(found.id))
    answer = send(outsider, path)
    assert answer.status_code == 429
    assert "Gửi nhiều lần quá" in answer.text

"""A month's people, their second book, and the acts that change both pages and book."""

import re
from datetime import date

from sqlalchemy import select

from ntmtasks.core.db import db, let_go
from ntmtasks.core.instance import config
from ntmtasks.sample import PASSWORD_FILE
from ntmtasks.tasks.models import Assignment
from tests.support import ledger
from tests.support.ledger import Ledger, Work
from tests.support.person import Person

SIGN_IN = ("chuyenvien", "daumoi", "vhttdl", "thoilai", "dieuphoi", "lanhdao", "admin")


class Month:
    """The people, the book, and the acts that change both."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.book: Ledger = ledger.open_ledger()
        let_go()
        password = (config().instance / PASSWORD_FILE).read_text().strip()
        self.people = {name: Person(site, name, password) for name in SIGN_IN}
        self.day = date(2024, 11, 14)
        self.heard_of: set[str] = set()

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def move(self, month: int, day: int) -> None:
        """Go on to a day of 2024."""
        self.day = date(2024, month, day)
        self["admin"].press("/people/", "/sample/date", date=self.day.isoformat())

    def act(self, who: str, work: Work, act: str, **typed: str | int) -> None:
        """Press one act on the page of a task; the answer sends back to it."""
        self.heard_of.add(work.agency)
        self[who].press(work.page, f"/assignments/{work.id}/{act}", **typed)

    def progress(self, who: str, work: Work, percent: int, body: str = "Đã làm 12/36 xã.") -> None:
        """Somebody of the agency posts progress."""
        self.act(who, work, "progress", state="in_progress", percent=percent, body=body)
        work.state = "in_progress"

    def submit(self, who: str, work: Work, *, waits: bool = False) -> None:
        """The agency reports completion; an officer's report may wait for the focal point."""
        self.act(who, work, "progress", state="submitted", percent=100, body="Đã xong 36/36 xã.")
        if not waits:
            work.submit(self.day)

    def pass_on(self, who: str, work: Work) -> None:
        """The focal point makes the officer's report the agency's."""
        self.act(who, work, "pass-on")
        work.submit(self.day)

    def enter(self, work: Work, on: date, *, done: bool = False) -> None:
        """The coordinator enters what an agency said."""
        self.heard_of.add(work.agency)
        self["dieuphoi"].press(
            f"/assignments/{work.id}/enter",
            f"/assignments/{work.id}/enter",
            source_kind="call",
            source_ref="ông Hai, văn phòng",
            source_on=on.isoformat(),
            state="submitted" if done else "in_progress",
            percent=100 if done else 40,
            body="Đã tổ chức 3 lớp, 120 người.",
        )
        if done:
            work.submit(on)
        else:
            work.state = "in_progress"

    def confirm(self, who: str, work: Work) -> None:
        """A reported completion is confirmed."""
        self.act(who, work, "confirm")
        work.state = "done"

    def send_back(self, who: str, work: Work) -> None:
        """A reported completion is returned."""
        self.act(who, work, "return", reason="Chưa có danh sách kèm theo.")
        work.state = "returned"

    def deadline(self, work: Work, to: date) -> None:
        """The coordinator moves a deadline."""
        page = f"/assignments/{work.id}/edit"
        self["dieuphoi"].press(page, page, deadline=to.isoformat(), note="Công văn 88/VPĐP")
        work.deadline = to

    def phase(self, task_id: int, act: str, phase: str) -> None:
        """The coordinator pauses, cancels or reopens a task."""
        page = f"/tasks/{task_id}"
        self["dieuphoi"].press(page, f"{page}/{act}", reason="Chờ trung ương hướng dẫn.")
        for work in self.book.values():
            if work.task_id == task_id:
                work.phase = phase

    def learn(self, page: str) -> list[Work]:
        """Take new work on a task into the book."""
        let_go()
        rows = db.session.scalars(
            select(Assignment)
            .where(Assignment.task_id == int(page.rsplit("/", 1)[1]))
            .order_by(Assignment.id)
        )
        new = [ledger.enter(self.book, row) for row in rows if row.id not in self.book]
        let_go()
        return new

    def open_work(self, agency: str) -> list[Work]:
        """What an agency still has to do as a lead, in the order of the plan."""
        return [w for w in self.book.values() if w.agency == agency and w.is_open]

    def number(self, who: str, page: str, pattern: str) -> int:
        """A number that stands on a page behind a pattern."""
        found = re.search(pattern, self[who].get(page))
        assert found, (page, pattern)
        return int(found[1])

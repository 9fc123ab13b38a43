"""Guest links: making and revoking them, and what guests report through them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, instance
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.formats import moment
from ntmtasks.core.forms import use_once
from ntmtasks.core.throttle import failures, record_failure
from ntmtasks.core.tokens import NONCE_BYTES
from ntmtasks.history import service as history
from ntmtasks.history.service import Guest
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.rules import GUEST_LINK
from ntmtasks.progress import mails
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.queries import guests as queries
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.evidence import NO_EVIDENCE, NewEvidence
from ntmtasks.progress.rules.guests import (
    MOST_ACTIVE,
    MOST_GUESSES,
    MOST_POSTS,
    may_link,
    signed,
    takes_reports,
)
from ntmtasks.progress.service import acting
from ntmtasks.progress.service.evidence import attach
from ntmtasks.progress.service.telling import tell_people, write_to_offices
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, WorkState, WrongState
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.holding import hold

KIND = "guest"
GUESS, POST = "guest-address", "guest-post"
SEEN_EVERY = timedelta(minutes=1)


class TooManyLinks(Exception):
    """An assignment has as many living links as it may have."""


class TooManyAttempts(Exception):
    """Too many guesses from one address, or forms through one link, within minutes."""


class AgencyReports(Exception):
    """An officer of the agency did something that waits for the focal point; a guest does not undo it."""


@dataclass(frozen=True)
class GuestReport:
    """What a guest says: who writes (name and title), in_progress or submitted, percent 0–100."""

    written_by: str
    state: WorkState
    percent: int
    body: str
    figure: str = ""
    proof: NewEvidence = NO_EVIDENCE
    product: str = ""


def make(
    actor: User,
    assignment: Assignment,
    name: str,
    days: int,
    address: Callable[[str], str],
    by_mail: bool = False,
    form_token: str | None = None,
) -> str:
    """Make a link that lives `days`; returns its full address, which is kept nowhere.

    `address` makes it of a token. `by_mail` also sends it to the agency's mailbox. Gives back '' when
    the same form was sent before. Raises NotYours, WrongState, TooManyLinks.
    """
    with transaction():
        if not use_once(form_token):
            return ""
        if not may_link(person(actor), work(assignment)):
            raise acting.NotYours
        hold(assignment)
        if not takes_reports(assignment.task.phase, assignment.work_state):
            raise WrongState(assignment.work_state)
        if queries.count_living(assignment.id) >= MOST_ACTIVE:
            raise TooManyLinks
        token = signed(secrets.token_urlsafe(NONCE_BYTES), instance.config().secret_key)
        now = clock.real_now()
        made = GuestLink(
            assignment=assignment,
            agency=assignment.agency,
            name=name,
            token_hash=queries.token_hash(token),
            made_by=actor,
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        db.session.add(made)
        db.session.flush()
        mail = by_mail and _mail(made, address(token))
        _record(actor, made, "task.guest_link", "hộp thư cơ quan" if mail else "")
        return address(token)


def _mail(made: GuestLink, address: str) -> bool:
    to = made.agency.mailbox
    if not to:
        return False
    letter, key = mails.guest_link(made, address), f"{GUEST_LINK}:{made.token_hash}"
    outbox.post(key, GUEST_LINK, to, made.agency.name, letter.subject, letter.text, letter.html)
    return True


def revoke(actor: User, made: GuestLink) -> None:
    """Let a link open nothing any more; a second press changes nothing. Raises NotYours."""
    with transaction():
        if not may_link(person(actor), work(made.assignment)):
            raise acting.NotYours
        if made.revoked_at is None:
            made.revoked_at, made.revoked_by = clock.real_now(), actor
            _record(actor, made, "task.guest_revoke")


def _record(actor: User, made: GuestLink, verb: str, sent_to: str = "") -> None:
    after = {"Cơ quan": made.agency.short_name, "Cấp cho": made.name}
    after["Dùng được đến"] = moment(made.expires_at)
    after |= {"Gửi đến": sent_to} if sent_to else {}
    history.record(actor, "task", made.assignment.task_id, verb, after=after)


def opened(token: str, source: str) -> GuestLink | None:
    """The living link of a token, else None; `source` is the asking address.

    An address that guesses too often is stopped; whoever has a link that was once ours is not.
    Raises TooManyAttempts.
    """
    if queries.is_signed(token):
        return queries.by_token(token)
    if failures(GUESS, source) >= MOST_GUESSES:
        raise TooManyAttempts
    record_failure(GUESS, source)
    return None


def note_opening(made: GuestLink) -> None:
    """Keep when a link was last used, at most once a minute."""
    with transaction():
        now = clock.real_now()
        long_ago = or_(GuestLink.last_used_at.is_(None), GuestLink.last_used_at < now - SEEN_EVERY)
        db.session.execute(
            update(GuestLink).where(GuestLink.id == made.id, long_ago).values(last_used_at=now)
        )


def check_posts(made: GuestLink) -> None:
    """Raise TooManyAttempts when too many forms came through a link within minutes."""
    if failures(POST, str(made.id)) >= MOST_POSTS:
        raise TooManyAttempts


def count_post(made: GuestLink) -> None:
    """Count a form that came through a link, whether or not it was right."""
    record_failure(POST, str(made.id))


def report(
    made: GuestLink,
    said: GuestReport,
    form_token: str | None = None,
    version: int | None = None,
) -> bool:
    """Take what a guest reports as the agency's progress; True when a completion waits for its focal
    point, as an officer's does.

    A completion submitted through a link may be confirmed by whoever made the link: the guest typed
    it. Raises WrongState, ChangedMeanwhile, AgencyReports.
    """
    assignment, guest = made.assignment, Guest(said.written_by)
    done = said.state is WorkState.SUBMITTED
    with transaction():
        count_post(made)
        if not use_once(form_token):
            return assignment.pending_guest != ""
        check_version(assignment, version)
        if not takes_reports(assignment.task.phase, assignment.work_state):
            raise WrongState(assignment.work_state)
        if done and assignment.pending_by is not None:
            raise AgencyReports
        if assignment.pending_guest:
            changes.forget_pending(assignment)
        waits = done and accounts.has_focal_point(assignment.agency_id)
        _carry_out(made, guest, said, waits)
        kept = _keep(made, said, waits)
        attach(guest, assignment, said.proof, kept)
        made.use_count += 1
        made.last_used_at = clock.real_now()
        _tell(made, guest, kept)
        return waits


def _carry_out(made: GuestLink, guest: Guest, said: GuestReport, waits: bool) -> None:
    assignment, done = made.assignment, said.state is WorkState.SUBMITTED
    was = {"Tiến độ": f"{assignment.percent} %"}
    assignment.percent = 100 if done else said.percent
    words = {"Tiến độ": f"{assignment.percent} %", "Liên kết cấp cho": made.name}
    words |= {"Số liệu": said.figure} if said.figure else {}
    words |= {"Sản phẩm": said.product} if said.product else {}
    if waits:
        if assignment.work_state is not WorkState.IN_PROGRESS:
            changes.act(guest, assignment, Act.PROGRESS)
        acting.pend(guest, assignment, Act.SUBMIT, said.body, words, was)
        return
    act = Act.SUBMIT if done else Act.PROGRESS
    acting.carry_out(guest, assignment, act, more=words, was=was)


def _keep(made: GuestLink, said: GuestReport, waits: bool) -> ProgressUpdate:
    report = ProgressUpdate(
        assignment=made.assignment,
        guest_link=made,
        guest=said.written_by,
        state=said.state,
        percent=made.assignment.percent,
        body=said.body,
        figure=said.figure,
        product=said.product,
        waits=waits,
        made_at=clock.now(),
    )
    db.session.add(report)
    db.session.flush()
    return report


def _tell(made: GuestLink, guest: Guest, report: ProgressUpdate) -> None:
    """Tell the people of the agency, else its mailbox, and who made the link; nobody twice who has just
    been told to decide or to pass it on."""
    assignment = made.assignment
    what = "Báo cáo hoàn thành" if report.state is WorkState.SUBMITTED else "Cập nhật tiến độ"
    what = f"{what} {guest.name}: {report.body}"
    found = recipient_book().concerned(assignment.agency_id, assignment.officer_id)
    told = set(accounts.speakers_of(assignment.agency_id)) if report.waits else set()
    if assignment.work_state is WorkState.SUBMITTED:
        told = set(accounts.deciders(assignment.agency.kind is AgencyKind.OFFICE))
    people = {r.user_id for r in found} | {made.made_by_id}
    tell_people(people - told, assignment, KIND, what)
    write_to_offices(found, made.made_by, assignment, KIND, what, "Nếu chưa đúng, xin báo")

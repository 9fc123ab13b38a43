"""Who is reminded: everybody who owes something, whoever is above the late, whoever has to decide."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.plans.models import Plan
from ntmtasks.progress.models.asks import DeadlineExtension
from ntmtasks.progress.service import extending
from ntmtasks.progress.service.extending import Wish
from ntmtasks.reminders import labels
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.queries.gaps import agencies_without_anyone
from ntmtasks.reminders.queries.gathering import owed_items
from ntmtasks.reminders.queries.planning import plan_day
from ntmtasks.reminders.rules import RUNGS, Ladder, Rungs, Section
from ntmtasks.reminders.service import sweep
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import AssignmentRole, WorkState
from tests.support.work import of, somebody

pytestmark = pytest.mark.usefixtures("app")
THURSDAY, FRIDAY = date(2024, 11, 14), date(2024, 11, 15)


def digest_of(day: date, name: str) -> Digest | None:
    return next(
        (d for d in plan_day(day) if d.recipient.address == f"{name}@example.invalid"), None
    )


def paths(digest: Digest | None, *sections: Section) -> list[str]:
    return [line.item.path for line in digest.lines if line.section in sections] if digest else []


def add(username: str, role: Role, agency: str, email: str) -> User:
    """A new person of the sample."""
    with transaction():
        home = db.session.scalars(select(Agency).where(Agency.short_name == agency)).one()
        person = User(
            username=username,
            name=username,
            email=email,
            role=role,
            agency_id=home.id,
            password_hash="-",
            created_at=clock.real_now(),
        )
        db.session.add(person)
    return person


# Errors of one must not stop the mails of all.


def test_two_people_with_one_address_get_one_mail_and_keep_back_nobody() -> None:
    before = len(plan_day(THURSDAY))
    add("hai", Role.FOCAL_POINT, "Sở NN&PTNT", "daumoi@example.invalid")
    made = sweep(THURSDAY)
    assert made.mails == before
    subjects = [line.item.subject for line in digest_of(FRIDAY, "daumoi").lines]  # type: ignore[union-attr]  # it has one
    assert len(subjects) == len(set(subjects)) > 0


def test_a_commune_that_stands_twice_is_told_once_and_each_level_of_it_for_itself() -> None:
    with transaction():
        plan = db.session.scalars(select(Plan)).one()
        reading = dict(plan.reading)
        first = reading["communes"][0]
        other = {**first, "level": "model" if first["level"] == "advanced" else "advanced"}
        reading["communes"] = [*reading["communes"], first, other]
        plan.reading = reading
    named = [item for item in owed_items(THURSDAY, {}) if item.tag == f"Xã {first['commune']}"]
    assert len(named) == len({item.title for item in named}) == 2
    assert sweep(THURSDAY).mails > 0


# Every open obligation has a recipient.

PLACES = st.sets(st.sampled_from(["people", "mailboxes", "coordinators", "leaders"]))


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gone=PLACES, locked=st.sets(st.integers(1, 18), max_size=10))
def test_every_open_obligation_has_a_recipient(gone: set[str], locked: set[int]) -> None:
    none = {
        "people": User.role.in_([Role.OFFICER, Role.FOCAL_POINT]),
        "coordinators": User.role == Role.COORDINATOR,
        "leaders": User.role.in_([Role.CITY_LEADER, Role.AGENCY_LEADER]),
    }
    db.session.rollback()
    try:
        for name in gone - {"mailboxes"}:
            db.session.execute(update(User).where(none[name]).values(email=""))
        if "mailboxes" in gone:
            db.session.execute(update(Agency).values(mailbox=""))
        not_admin = User.id.in_(locked) & (User.role != Role.ADMIN)
        db.session.execute(update(User).where(not_admin).values(locked_at=clock.now()))
        book, day = recipient_book(), date(2024, 12, 24)
        named = {gap.agency_id for gap in agencies_without_anyone(day)}
        told = 0
        for item in owed_items(day, {}):
            people = book.of(item.agency_id, item.officer_id)
            assert people, item
            told += len(people)
            assert all(each.note for each in people) is (item.agency_id in named)
        assert told > 200
    finally:
        db.session.rollback()


def test_an_agency_without_anyone_is_named_with_who_gets_its_mails() -> None:
    assert agencies_without_anyone(THURSDAY) == []
    with transaction():
        vhttdl = of("III.7.-1", "Sở VHTTDL")
        db.session.execute(update(Agency).where(Agency.id == vhttdl.agency_id).values(mailbox=""))
    [gap] = agencies_without_anyone(THURSDAY)
    assert (gap.agency, gap.instead) == ("Sở VHTTDL", ("Đặng Thu Phương",))
    assert gap.owed > 0
    with transaction():
        db.session.execute(update(User).values(email=""))
        db.session.execute(update(Agency).values(mailbox=""))
    gaps = agencies_without_anyone(THURSDAY)
    assert len(gaps) > 20
    assert {gap.instead for gap in gaps} == {()}
    assert plan_day(THURSDAY) == []


# Lateness climbs.


def test_late_work_climbs_a_rank_with_each_rung_and_goes_on_being_told_below() -> None:
    add("truongphong", Role.FOCAL_POINT, "Sở TN&MT", "truongphong@example.invalid")
    add("giamdoc", Role.AGENCY_LEADER, "Sở TN&MT", "giamdoc@example.invalid")
    officer = add("canbo", Role.OFFICER, "Sở TN&MT", "canbo@example.invalid")
    with transaction():
        late = of("III.6.-1", "Sở TN&MT")  # due on 08/11, a Friday
        late.officer_id = officer.id
    ladder = ("canbo", "truongphong", "giamdoc", "dieuphoi", "lanhdao")
    days = [date(2024, 11, 11) + timedelta(days=7 * n) for n in range(5)]
    for rank, day in enumerate(days):
        told = [
            name for name in ladder if "III.6.-1" in paths(digest_of(day, name), Section.OVERDUE)
        ]
        assert told == list(ladder[: rank + 1]), day
        sweep(day)
        with transaction():
            db.session.execute(update(OutboxMail).values(state=MailState.SENT))
    notes = {
        line.note for line in digest_of(days[4], "lanhdao").lines if line.item.path == "III.6.-1"
    }  # type: ignore[union-attr]  # it has one
    assert notes == {labels.RANKS[4]}
    next_day = digest_of(days[4] + timedelta(days=1), "lanhdao")
    assert "III.6.-1" not in paths(next_day, Section.OVERDUE)  # above, on the days of rungs alone
    assert "III.6.-1" in paths(digest_of(days[4], "canbo"), Section.OVERDUE)


@pytest.mark.parametrize(
    "role", [AssignmentRole.APPRAISING, AssignmentRole.CONSOLIDATING, AssignmentRole.RECEIVING]
)
def test_who_appraises_consolidates_or_receives_is_told_like_who_supports(
    role: AssignmentRole,
) -> None:
    supporting = AssignmentRole.SUPPORTING
    day = date(2024, 11, 29)
    before = [d.to_json() for d in plan_day(day)]
    with transaction():
        changed = update(Assignment).where(Assignment.role == supporting).values(role=role)
        assert db.session.execute(changed).rowcount > 0  # type: ignore[attr-defined]  # of an UPDATE
    assert [d.to_json() for d in plan_day(day)] == before


# Silent continuous work.


def test_silent_continuous_work_is_told_once_a_month_until_somebody_writes() -> None:
    told = paths(digest_of(THURSDAY, "dieuphoi"), Section.SILENT)
    assert told == ["III.1.đ", "III.8.-5"]
    sweep(THURSDAY)
    with transaction():
        db.session.execute(update(OutboxMail).values(state=MailState.SENT))
    assert paths(digest_of(date(2024, 11, 25), "dieuphoi"), Section.SILENT) == []
    silent = of("III.1.đ", "VP Điều phối NTM")
    with transaction():
        silent.heard_at = clock.at(date(2024, 11, 20), datetime.min.time())
    assert paths(digest_of(date(2024, 12, 2), "dieuphoi"), Section.SILENT) == ["III.8.-5"]
    assert "III.1.đ" in paths(digest_of(date(2025, 1, 2), "dieuphoi"), Section.SILENT)


# What waits for a decision.


def waiting(day: date, name: str) -> list[tuple[str, str]]:
    digest = digest_of(day, name)
    lines = digest.lines if digest else ()
    return [(line.item.written, line.item.url) for line in lines if line.section is Section.WAITING]


def test_a_request_is_told_to_who_decides_it_when_it_is_older_than_two_working_days() -> None:
    officer, work = somebody("daumoi"), of("III.4.a.-2", "Sở NN&PTNT")
    extending.ask_extension(officer, work, Wish(date(2024, 12, 20), "Mưa bão kéo dài"))
    newest = db.session.scalar(select(func.max(DeadlineExtension.id)))
    line = ("đề nghị gia hạn", f"/waiting/#entry-extension-{newest}")
    told = [day for day in (15, 18, 19) if line in waiting(date(2024, 11, day), "dieuphoi")]
    assert told == [19]  # Friday, Monday and Tuesday have passed
    for other in ("daumoi", "lanhdao"):
        assert line not in waiting(date(2024, 11, 19), other)


def test_what_waits_is_told_by_the_days_that_its_rule_counts() -> None:
    officer, work = somebody("daumoi"), of("III.4.a.-2", "Sở NN&PTNT")
    extending.ask_extension(officer, work, Wish(date(2024, 12, 20), "Mưa bão kéo dài"))
    in_calendar_days = {**RUNGS, Ladder.WAITING: Rungs((), (3,), 7)}
    told = [
        day
        for day in (15, 18)
        for digest in plan_day(date(2024, 11, day), in_calendar_days)
        for item, rung in digest.rungs
        if item.written == "đề nghị gia hạn" and item.deadline == THURSDAY and rung == 3
    ]
    assert set(told) == {18}  # the third day is a Sunday


def test_nobody_is_told_of_what_the_own_office_handed_in() -> None:
    office = db.session.scalars(
        select(Assignment.id)
        .join(Assignment.agency)
        .where(
            Assignment.work_state == WorkState.SUBMITTED, Agency.short_name == "VP Điều phối NTM"
        )
    ).all()
    assert office
    places = {f"/waiting/#waiting-row-{number}" for number in office}
    assert places <= {url for _, url in waiting(THURSDAY, "lanhdao")}
    assert not places & {url for _, url in waiting(THURSDAY, "dieuphoi")}


# What a mail says of all the rest.


def test_the_closing_line_counts_the_own_work_that_is_far_off() -> None:
    digest = digest_of(THURSDAY, "daumoi")
    assert digest is not None
    home = somebody("daumoi").agency_id
    owed = [i for i in owed_items(THURSDAY, {}) if i.agency_id == home and i.owned]
    assert digest.far == len(owed) - len([line for line in digest.lines if line.item.owned]) > 0
    shown = {line.item.subject for line in digest.lines}
    assert all(
        (i.deadline - THURSDAY).days > (i.window or 0) for i in owed if i.subject not in shown
    )


def test_a_mail_about_communes_alone_names_them_in_its_subject() -> None:
    with transaction():
        db.session.execute(update(Assignment).values(work_state=WorkState.SUBMITTED))
    with_reports = digest_of(date(2024, 12, 3), "thoilai")
    assert with_reports is not None
    lines = [line for line in with_reports.lines if labels.is_commune(line.item)]
    day = date(2024, 12, 24)
    assert labels.subject_line(lines[-1:], day, {}) == "[Quý IV] Xã Đông Bình: còn 7 ngày"
    assert labels.subject_line(lines, day, {}) == "[Quý IV] Xã Trường Xuân và 2 xã khác: còn 7 ngày"

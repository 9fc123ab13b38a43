"""What would go to whom on a morning, and what a waiting reminder says when its turn comes."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select, tuple_

from ntmtasks.accounts.queries.recipients import (
    Decider,
    Recipient,
    RecipientBook,
    book_of_reader,
    recipient_book,
)
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.progress.rules.rights import Person
from ntmtasks.reminders import labels
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.queries.digests import Digest, key_prefix
from ntmtasks.reminders.queries.gathering import Share, owed_items, undecided_items
from ntmtasks.reminders.queries.ladders import ladders_now
from ntmtasks.reminders.rules import (
    Item,
    Ladder,
    Ladders,
    Line,
    Section,
    latest_rung,
    rank_reached,
    section_of,
)
from ntmtasks.workdays.queries import calendar as stored_calendar
from ntmtasks.workdays.rules import Calendar, is_working_day

UsedRung = tuple[str, int, str, date, str]
"""Ladder, rung, subject, deadline and recipient, as the ledger keeps them."""
MOST_NAMED = 10_000
"""So many subjects one question names at most."""
_ORDER = {section: place for place, section in enumerate(Section)}


@dataclass
class _Pile:
    """What comes together for one address; `is_new` once one of its rungs is in no mail yet."""

    recipient: Recipient
    lines: list[Line] = field(default_factory=list)
    far: int = 0
    is_new: bool = False


def plan_day(
    day: date,
    ladders: Ladders | None = None,
    told: Collection[UsedRung] = (),
    lasting: Sequence[Item] | None = None,
) -> list[Digest]:
    """The digests of one morning, by address; none on a day off. Without `ladders` those of the office
    hold; `told` are rungs that count as told besides those of the ledger; `lasting` is what
    `lasting_items` found, where it has been asked already.

    Rungs told by mails of other days are left out. Those of the same morning stay: asked again, it
    gives the same answer, and the outbox keys keep anything from being sent twice. Those of a mail
    that still waits are told again beside new ones, since the newer mail takes its place.
    """
    calendar = stored_calendar()
    if not is_working_day(day, calendar):
        return []
    ladders = ladders or ladders_now()
    items = owed_items(day, calendar, lasting=lasting)
    routed = _routed(day, calendar, ladders, recipient_book(day), items)
    steps = {(item.ladder, rung, item.deadline) for item, rung, _, _ in routed if rung is not None}
    used = _used(steps, day) | dict.fromkeys(told, False)

    def place(pile: _Pile, item: Item, rung: int) -> bool:
        step = (item.ladder, rung, item.subject, item.deadline, pile.recipient.address)
        waits = used.get(step)
        pile.is_new |= waits is None
        return waits is not False

    piles = _piled(routed, day, place)
    return _digests((pile for pile in piles.values() if pile.is_new), day, calendar, ladders)


def digest_now(mail: OutboxMail, day: date, ladders: Ladders | None = None) -> Digest | None:
    """What a reminder made earlier says on `day`: the same recipient's open work as it is now. None
    when nothing of what brought it about is left, or nobody reads at its address any more."""
    calendar = stored_calendar()
    ladders = ladders or ladders_now()
    told = select(Reminder.ladder, Reminder.subject, Reminder.deadline)
    rows = db.session.execute(told.where(Reminder.mail_id == mail.id))
    causes = {(ladder, subject, deadline) for ladder, subject, deadline in rows}
    book = book_of_reader(mail.to_address, day)
    share = _share(book, mail.to_address, {subject for _, subject, _ in causes})
    items = owed_items(day, calendar, share)
    routed = _routed(day, calendar, ladders, book, items, mail.to_address)

    def place(pile: _Pile, item: Item, _rung: int) -> bool:
        return (item.ladder, item.subject, item.deadline) in causes

    pile = _piled(routed, day, place).get(mail.to_address)
    if pile is None or all(line.rung is None for line in pile.lines):
        return None
    return _digests([pile], day, calendar, ladders)[0]


_Told = tuple[tuple[Recipient, ...], tuple[Recipient, ...]]
_Routed = tuple[Item, int | None, tuple[Recipient, ...], tuple[Recipient, ...]]
"""An item with its rung of the day, those whose it is, and those to whom it only climbed."""


def _routed(
    day: date,
    calendar: Calendar,
    ladders: Ladders,
    book: RecipientBook,
    items: Iterable[Item],
    address: str | None = None,
) -> list[_Routed]:
    """Every item, and what waits for a decision, with the recipients; that of one address alone where it
    is given."""
    steps: dict[tuple[Ladder, date], tuple[int | None, int]] = {}

    def step_of(item: Item) -> tuple[int | None, int]:
        key = (item.ladder, item.deadline)
        if key not in steps:
            rungs = ladders[item.ladder]
            rung = latest_rung(rungs, item.deadline, day, calendar)
            steps[key] = rung, 0 if rung is None else rank_reached(rungs, rung)
        return steps[key]

    owners: dict[tuple[int | None, int | None, int], _Told] = {}
    routed: list[_Routed] = []
    for item in items:
        rung, rank = step_of(item)
        if not item.owned:
            rank = 0
        whose = (item.agency_id, item.officer_id, rank)
        if whose not in owners:
            owners[whose] = _told(book, *whose, address)
        own, above = owners[whose]
        routed.append((item, rung, own, above))
    deciders = [each for each in book.deciders if address in (None, each.recipient.address)]
    for item, row in undecided_items(day, calendar, ladders) if deciders else ():
        people = (each.recipient for each in deciders if row.decided_by(_person(each)))
        routed.append((item, step_of(item)[0], _only(people, address), ()))
    return routed


def _share(book: RecipientBook, address: str, climbed: Collection[str]) -> Share | None:
    """What may stand in the mail to an address; None where that is too much to be named."""
    if len(climbed) > MOST_NAMED:
        return None
    agencies = [None, *db.session.scalars(select(Agency.id))]
    return Share(
        officers=book.officers_read_at(address),
        agencies={agency for agency in agencies if book.is_told_for(agency, address)},
        subjects=climbed,
    )


def _person(decider: Decider) -> Person:
    return Person(decider.user_id, decider.role, decider.agency_id, decider.stands_in)


def _told(
    book: RecipientBook,
    agency_id: int | None,
    officer_id: int | None,
    rank: int,
    address: str | None,
) -> _Told:
    """Whose an item is, and to whom it climbed; each address once, by its lowest rank."""
    own = {each.address: each for each in reversed(book.of(agency_id, officer_id))}
    above: dict[str, Recipient] = {}
    for number, people in enumerate(book.ranks_above(agency_id)[:rank], 1):
        for person in people:
            if person.address not in own:
                above.setdefault(person.address, person._replace(note=labels.RANKS[number]))
    return _only(own.values(), address), _only(above.values(), address)


def _only(people: Iterable[Recipient], address: str | None) -> tuple[Recipient, ...]:
    found = {each.address: each for each in people if address in (None, each.address)}
    return tuple(found.values())


def _piled(
    routed: Iterable[_Routed], day: date, place: Callable[[_Pile, Item, int], bool]
) -> dict[str, _Pile]:
    """The lines of each address. `place` says whether a rung is to be told in a pile; what is not
    stands beside the others while it is in sight, and is counted when it is far off."""
    piles: dict[str, _Pile] = {}
    for item, rung, own, above in routed:
        in_sight = item.window is not None and (item.deadline - day).days <= item.window
        if rung is None and not in_sight and not item.owned:
            continue
        section = section_of(item, day)
        for person in own:
            pile = piles.get(person.address) or piles.setdefault(person.address, _Pile(person))
            told = rung if rung is not None and place(pile, item, rung) else None
            if in_sight or told is not None:
                pile.lines.append(Line(item, section, told, person.remark))
            elif item.owned and not person.note:
                pile.far += 1
        for person in above:
            pile = piles.get(person.address) or piles.setdefault(person.address, _Pile(person))
            if rung is not None and place(pile, item, rung):
                pile.lines.append(Line(item, section, rung, person.remark))
    return piles


def _digests(
    piles: Iterable[_Pile], day: date, calendar: Calendar, ladders: Ladders
) -> list[Digest]:
    digests = []
    for pile in piles:
        pile.lines.sort(key=lambda line: (_ORDER[line.section], line.item.deadline))
        lines = tuple(pile.lines)
        digests.append(Digest(day, pile.recipient, lines, pile.far, calendar, ladders))
    return sorted(digests, key=lambda digest: digest.recipient.address)


def _used(steps: set[tuple[Ladder, int, date]], day: date) -> dict[UsedRung, bool]:
    """The ledger's rows at the rungs in question: whether the mail that tells it still waits. Without
    those of this very morning's mails, and of mails that were cancelled or failed and so told nothing."""
    rows = db.session.execute(
        select(
            Reminder.ladder,
            Reminder.rung,
            Reminder.subject,
            Reminder.deadline,
            Reminder.recipient,
            OutboxMail.state,
        )
        .join(OutboxMail, OutboxMail.id == Reminder.mail_id)
        .where(
            tuple_(Reminder.ladder, Reminder.rung, Reminder.deadline).in_(list(steps)),
            OutboxMail.state.not_in((MailState.CANCELLED, MailState.FAILED)),
            OutboxMail.key.not_like(f"{key_prefix(day)}%"),
        )
    )
    return {
        (ladder, rung, subject, deadline, recipient): state is MailState.QUEUED
        for ladder, rung, subject, deadline, recipient, state in rows
    }

"""From a draft to an item: agencies, deadline, and the kind of its task."""

import re
from collections.abc import Iterator

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.deadlines import find_deadline
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.duties import (
    given_agencies,
    roles_of,
    subject_agencies,
    supporting_agencies,
)
from ntmtasks.intake.rules.items import Draft
from ntmtasks.intake.rules.naming import (
    heading_agencies,
    is_anybody,
    is_everybody,
    split_names,
    starts_with_agency,
)
from ntmtasks.intake.rules.parts import (
    AgencyMention,
    DeadlineReading,
    ItemReading,
    Role,
    TaskKind,
)
from ntmtasks.intake.rules.topics import head_of, split_head
from ntmtasks.intake.rules.tree import Node, is_heading


def finish(drafts: list[Draft], directory: Directory, year: int | None) -> Iterator[ItemReading]:
    """Turn drafts into items: agencies, deadline, kind of task."""
    for draft in drafts:
        yield _finish(draft, directory, year)


def _finish(draft: Draft, directory: Directory, year: int | None) -> ItemReading:
    node = draft.node
    head, text = split_head(node) if draft.kind == "task" else ("", node.text)
    names, assigned_by = _leads(draft, head, text, directory)
    supports = _supports(draft, text, directory)
    deadline = _deadline(draft, text, year) if draft.kind == "task" else None
    is_task = draft.kind == "task"
    return ItemReading(
        path=node.path,
        label=node.printed,
        text=text,
        kind=draft.kind,
        agencies=(
            *_mentions(names, "lead", directory),
            *_mentions(supports, "supporting", directory),
        )
        if is_task
        else (),
        assigned_by=assigned_by if is_task and names else None,
        deadline=deadline,
        task_kind=task_kind(text, deadline),
        quarter_four=is_quarter_four(deadline),
        product="; ".join(draft.attributes.product) if draft.attributes else "",
        start=node.start,
        end=node.end,
    )


def _mentions(names: list[str], role: Role, directory: Directory) -> Iterator[AgencyMention]:
    for name in dict.fromkeys(names):
        yield AgencyMention(name, role, directory.match(name))


def _leads(
    draft: Draft, head: str, text: str, directory: Directory
) -> tuple[list[str], str | None]:
    """Return who leads and the heading that says so: label line, own heading, subject, above."""
    node = draft.node
    general = draft.attributes is not None and draft.attributes.general
    if draft.attributes and draft.attributes.lead and not (general and _ordered(text)):
        return [n for v in draft.attributes.lead for n in roles_of(v, directory)[0]], None
    if head and (own := heading_agencies(head, directory)):
        return own, node.path
    named = subject_agencies(text)
    if any(not is_anybody(n) or (draft.organising and is_everybody(n)) for n in named):
        above = _from_above(node, directory)
        if not above[0] or not starts_with_agency(text):
            return above if above[0] else (named, None)
        return above
    above = _from_above(node, directory)
    if above[0]:
        return above
    return given_agencies(text), None


def _from_above(node: Node, directory: Directory) -> tuple[list[str], str | None]:
    for ancestor in node.ancestors():
        first = ancestor.children[0]
        if first.leads and first.text.endswith(":") and (named := _ordered(first.text)):
            return named, first.path  # "Sở Y tế chủ trì thực hiện các nhiệm vụ sau:" above a list
        if not ancestor.label:
            continue
        head = head_of(ancestor)
        # "1. Sở Y tế chủ trì, phối hợp với các đơn vị:" orders in its own sentence.
        named = _ordered(head)
        if not named and is_heading(ancestor.text):
            named = given_agencies(ancestor.text)  # "2. Quảng bá du lịch (Sở Y chủ trì)"
        if names := heading_agencies(head, directory) or named:
            return names, ancestor.path
    return [], None


def _ordered(sentence: str) -> list[str]:
    return [n for n in subject_agencies(sentence) if not is_anybody(n)]


def _supports(draft: Draft, text: str, directory: Directory) -> list[str]:
    if draft.attributes and (draft.attributes.lead or draft.attributes.support):
        named = [n for v in draft.attributes.lead for n in roles_of(v, directory)[1]]
        named += [n for v in draft.attributes.support for n in split_names(v, directory)]
        if named or draft.attributes.support:
            return named
    # A sentence that names its own lead assigns: there "các cơ quan, đơn vị" supports it.
    assigns = draft.organising and bool(subject_agencies(text))
    return supporting_agencies(text, anybody=assigns)


def _deadline(draft: Draft, text: str, year: int | None) -> DeadlineReading | None:
    own = find_deadline(text, year) if draft.attributes and draft.attributes.general else None
    if draft.attributes and draft.attributes.time and not own:
        return read_phrase("; ".join(draft.attributes.time), year)
    return own or find_deadline(text, year)


def task_kind(text: str, deadline: DeadlineReading | None) -> TaskKind:
    """Return the kind of a task (wording.md, "What is counted").

    Continuous: it begins with "Thường xuyên" or its deadline is continuous. Recurring: a
    recurrence was read. All else is concrete.
    """
    recurrence = (deadline.recurrence if deadline else None) or ()
    if fold(text).startswith("thuong xuyen") or recurrence == ("continuous",):
        return "continuous"
    return "recurring" if any(r != "event" for r in recurrence) else "concrete"


def is_quarter_four(deadline: DeadlineReading | None) -> bool:
    """Tell whether the plan itself says Quý IV: such work warns 30 days ahead."""
    return deadline is not None and re.search(r"\bquy (iv|4)\b", fold(deadline.text)) is not None

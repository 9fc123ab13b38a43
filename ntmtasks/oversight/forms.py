"""A leader's acts beside what is late, in place: they are sent to the addresses of the task page; keys of
programs; status pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import instance
from ntmtasks.core.formats import moment
from ntmtasks.core.forms import Form, VersionedForm, at_most, filled
from ntmtasks.core.outbound import NotAllowed, read_url
from ntmtasks.outbox.labels import EVENTS
from ntmtasks.outbox.rules import Event
from ntmtasks.oversight.labels import BLOCKS
from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.queries.status_pages import Subject, subject, subject_of
from ntmtasks.oversight.rules.status import DEFAULT_LIFE, LIVES, Block, SubjectKind
from ntmtasks.oversight.service.status_pages import Showing
from ntmtasks.progress.forms import DemandForm, DirectiveForm
from ntmtasks.progress.rules.asks import may_direct, may_guide
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.tasks.queries.standing import Stood


@dataclass
class Acts:
    """What one may do about a late task, beside its `first` obligation; a form that is None is not
    offered."""

    first: int
    directive: DirectiveForm | None = None
    demand: DemandForm | None = None
    late: list[tuple[str, str]] = field(default_factory=list)


def acts_on(person: Person, rows: Iterable[Stood], answer_by: date) -> Mapping[int, Acts]:
    """By task what this person may do about these late obligations; tasks without any are left out."""
    found: dict[int, Acts] = {}
    for row in rows:
        acts = found.setdefault(row.task_id, Acts(row.assignment_id))
        if may_guide(person, Work(row.agency.id, row.agency.kind, None)):
            acts.late.append((str(row.assignment_id), row.agency.short_name))
    for acts in found.values():
        if may_direct(person):
            acts.directive = DirectiveForm(formdata=None)
        if acts.late:
            acts.demand = DemandForm(formdata=None, data={"answer_by": answer_by})
            acts.demand.assignment.choices = acts.late
    return {task: acts for task, acts in found.items() if acts.directive or acts.demand}


class CalendarForm(Form):
    """Make or revoke the address of a calendar: the own one, or the agency's."""

    whose = SelectField("Lịch của", choices=[("me", "tôi"), ("agency", "cơ quan")])

    @property
    def is_own(self) -> bool:
        """Whether it is the own one."""
        return bool(self.whose.data == "me")


class ShowingForm(Form):
    """What a status page is called and shows, and for how long; `subject` is what it is about."""

    title = StringField("Tên trang", validators=[at_most(120)])
    blocks = SelectMultipleField(
        "Hiện những phần",
        choices={block.value: label for block, label in BLOCKS.items()},
        option_widget=CheckboxInput(),
    )
    days = SelectField("Dùng được trong", coerce=int)
    about: Subject | None = None

    def validate_blocks(self, field: SelectMultipleField) -> None:
        """Something of it must say anything about what the page is about."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một phần.")
        if self.about is None:
            return
        can = [BLOCKS[block] for block in self.about.offered]
        if not self.chosen:
            raise ValidationError(f"Trang này chỉ hiện được: {', '.join(can)}.")

    @property
    def chosen(self) -> list[Block]:
        """The blocks that were ticked and say anything."""
        offered = self.about.offered if self.about else list(Block)
        return [block for block in offered if block.value in (self.blocks.data or ())]

    @property
    def showing(self) -> Showing:
        """What was typed, once the form is valid."""
        return Showing(self.title.data or "", self.chosen, self.days.data)


class NewStatusPageForm(ShowingForm):
    """Make a status page."""

    subject = SelectField("Về")

    def __init__(self, choices: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        everything = [block.value for block in Block]
        super().__init__(data={"days": DEFAULT_LIFE, "blocks": everything}, **kwargs)
        self.subject.choices = dict(choices)
        self.days.choices = [(days, f"{days} ngày") for days in LIVES]
        known = {value for group in choices.values() for value, _ in group}
        self.about = subject(self.key) if self.subject.data in known else None

    @property
    def key(self) -> tuple[SubjectKind, int]:
        """What the page is about."""
        kind, _, number = (self.subject.data or "").partition(":")
        return SubjectKind(kind), int(number)


class ChangeStatusPageForm(ShowingForm, VersionedForm):
    """Change what a status page shows, or let it live longer; what it is about stays."""

    def __init__(self, page: StatusPage, **kwargs: Any) -> None:
        super().__init__(
            data={"title": page.title, "blocks": page.blocks, "days": 0, "version": page.version},
            **kwargs,
        )
        self.days.label.text = "Dùng được đến"
        more = [(days, f"{days} ngày từ hôm nay") for days in LIVES]
        self.days.choices = [(0, f"Giữ nguyên: {moment(page.expires_at)}"), *more]
        self.about = subject_of(page)
        self.blocks.choices = {block.value: BLOCKS[block] for block in self.about.offered}


class _OfAgency(Form):
    """Something for another system that is an agency's."""

    agency_id = SelectField("Cơ quan", coerce=int)

    def offer(self, agencies: Iterable[Agency]) -> Self:
        """Let it offer these agencies."""
        everything = " (tất cả cơ quan)"
        self.agency_id.choices = [
            (0, "– chọn –"),
            *((a.id, a.name + everything * (a.kind is AgencyKind.OFFICE)) for a in agencies),
        ]
        return self

    def validate_agency_id(self, field: SelectField) -> None:
        """One has to be chosen."""
        if not field.data:
            raise ValidationError("Hãy chọn cơ quan.")


class ApiKeyForm(_OfAgency):
    """A key for another system, which reads what the chosen agency may read."""

    name = StringField(
        "Hệ thống được cấp", validators=[filled("Hãy ghi tên hệ thống."), at_most(80)]
    )


class WebhookForm(_OfAgency):
    """Another system that is told of events of the chosen agency's work."""

    name = StringField("Hệ thống nhận", validators=[filled("Hãy ghi tên hệ thống."), at_most(80)])
    url = StringField("Địa chỉ nhận", validators=[filled("Hãy ghi địa chỉ nhận.")])
    events = SelectMultipleField(
        "Báo khi",
        choices={event.value: label for event, label in EVENTS.items()},
        option_widget=CheckboxInput(),
        default=[event.value for event in Event],
    )

    def validate_url(self, field: StringField) -> None:
        """It must be one to which something may be sent."""
        if field.data:
            try:
                read_url(field.data, instance.config().webhook_private)
            except NotAllowed as fault:
                raise ValidationError(str(fault)) from None

    def validate_events(self, field: SelectMultipleField) -> None:
        """One at least."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một sự kiện.")

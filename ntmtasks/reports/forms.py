"""Forms about reports."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from ntmtasks.agencies.forms import lines
from ntmtasks.agencies.models import Agency, AgencyGroup
from ntmtasks.core import clock
from ntmtasks.core.forms import Form, VersionedForm, at_most, filled, needs_day
from ntmtasks.core.sources import SourceFields
from ntmtasks.core.web import MEGABYTE
from ntmtasks.files.rules import shown_name
from ntmtasks.plans.models import Clause
from ntmtasks.reports.labels import DAYS_FAULTS, PERIOD_KINDS, SECTIONS
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.figures import read_number
from ntmtasks.reports.rules.periods import Days, DaysFault, PeriodKind, days_fault
from ntmtasks.reports.rules.states import Act


def ticked(_form: Any, field: Any) -> None:
    """Validator: the box must be ticked."""
    if not field.data:
        raise ValidationError("Hãy đánh dấu xác nhận trước khi nộp.")


MOST_TEXT = 100_000
"""So long may a section be: a consolidated one holds those of all agencies."""
NO_NUMBER = "Hãy ghi một con số, ví dụ 1.356,5; đơn vị ghi ở ô bên cạnh."


def digest(*shown: str) -> str:
    """A short mark of what a form showed, by which one knows whether anybody changed it."""
    return sha256("\0".join(shown).encode()).hexdigest()[:16]


class PartForm(VersionedForm):
    """One part of a report being written; many stand in one HTML form, which carries the tokens. `base`
    is the mark of what was shown, `version` that of the row behind it, 0 where there is none."""

    class Meta(VersionedForm.Meta):
        csrf = False

    base = HiddenField()

    @property
    def is_touched(self) -> bool:
        """Whether a person changed what was shown."""
        return self.base.data != self.mark

    @property
    def mark(self) -> str:
        """The mark of what stands in it now."""
        raise NotImplementedError


class SectionForm(PartForm):
    """A section."""

    text = TextAreaField("", validators=[at_most(MOST_TEXT)])

    def __init__(self, kind: SectionKind, **kwargs: Any) -> None:
        super().__init__(prefix=kind.value, **kwargs)
        self.text.label.text = SECTIONS[kind]

    @property
    def mark(self) -> str:
        """The mark of the text."""
        return digest(self.text.data or "")


class FigureForm(PartForm):
    """A labelled figure; an empty value leaves it out of the report."""

    label = StringField("Tên số liệu", validators=[at_most(200)])
    value = StringField("Kỳ này", validators=[at_most(40)])
    unit = StringField("Đơn vị", validators=[at_most(40)])
    number: Decimal | None = None
    """What the value says, once the form is valid."""

    @property
    def mark(self) -> str:
        """The mark of value and unit."""
        return digest(self.value.data or "", self.unit.data or "")

    @property
    def words(self) -> str:
        """Value and unit as they were typed."""
        return f"{self.value.data or ''} {self.unit.data or ''}".strip()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.label.data or self.value.data or self.unit.data)

    def validate_label(self, field: StringField) -> None:
        """A value or a unit belongs to something."""
        if (self.value.data or self.unit.data) and not field.data:
            raise ValidationError("Hãy ghi tên số liệu.")

    def validate_value(self, field: StringField) -> None:
        """A number, or nothing."""
        if not field.data:
            return
        try:
            self.number = read_number(field.data)
        except ValueError:
            raise ValidationError(NO_NUMBER) from None


class SubmitForm(VersionedForm):
    """Send a report."""

    confirm = BooleanField(
        "Tôi xác nhận số liệu đã chốt và nộp báo cáo này thay mặt cơ quan", validators=[ticked]
    )


class DecisionForm(VersionedForm):
    """Take a report; `back` names the page to which the answer leads."""

    back = HiddenField()

    @property
    def seen(self) -> tuple[int | None, str | None]:
        """The version that the person saw, and the one-time token."""
        return self.version.data, self.form_token.data


class ReasonForm(DecisionForm):
    """Return a report or open a locked period, with a reason."""

    reason = StringField("Lý do", validators=[filled("Hãy ghi lý do."), at_most(1000)])

    @property
    def why(self) -> str:
        """The reason, once the form is valid."""
        return self.reason.data or ""


@dataclass(frozen=True)
class Refusal:
    """A form of accepting, returning or unlocking, shown again with its messages."""

    act: Act
    form: DecisionForm


def decision_forms(
    acts: Iterable[Act], report: Report, back: str = "", refusal: Refusal | None = None
) -> dict[Act, DecisionForm]:
    """The forms of the `acts` that the reader may decide about a report; one that was refused stands in
    its place, even where its act is gone: what was typed is not lost."""
    forms = {act: _fresh(act, report, back) for act in acts}
    return forms | {refusal.act: refusal.form} if refusal else forms


def _fresh(act: Act, report: Report, back: str) -> DecisionForm:
    kind = DecisionForm if act is Act.ACCEPT else ReasonForm
    return kind(formdata=None, data={"version": report.version, "back": back})


class TemplateForm(VersionedForm):
    """The office's own .docx for reports; `megabytes` is the most that it may have."""

    megabytes: int = 20
    file = FileField("Tệp mẫu của cơ quan (.docx)")
    _content = b""

    def validate_file(self, field: Any) -> None:
        """A file was chosen, and it is neither empty nor too big."""
        if not isinstance(field.data, FileStorage) or not field.data.filename:
            raise ValidationError("Hãy chọn tệp mẫu kiểu .docx.")
        self._content = field.data.stream.read(self.megabytes * MEGABYTE + 1)
        if not self._content:
            raise ValidationError("Tệp này trống; hãy chọn lại.")
        if len(self._content) > self.megabytes * MEGABYTE:
            raise ValidationError(self.too_big)

    @property
    def too_big(self) -> str:
        """The sentence about a file that is too big, for a browser that has not sent it yet."""
        return f"Tệp lớn hơn {self.megabytes} MB; hãy bỏ bớt hình rồi chọn lại."

    def upload(self) -> tuple[str, bytes]:
        """The name and the content of the file, once the form is valid."""
        return shown_name(self.file.data.filename), self._content


_DAY = NumberRange(1, 28, "Hãy nhập một ngày từ 1 đến 28.")
_SEPARATORS = re.compile(r"[\s,;]+")


class RequirementForm(VersionedForm):
    """Who owes which reports, when, to whom, and by which clauses of the plan."""

    title = StringField("Tên báo cáo", validators=[filled("Hãy nhập tên báo cáo."), at_most(200)])
    kinds = SelectMultipleField(
        "Định kỳ",
        choices={kind.value: label for kind, label in PERIOD_KINDS.items()},
        option_widget=CheckboxInput(),
    )
    cut_off_day = IntegerField("Ngày chốt số liệu", validators=[Optional(), _DAY])
    agency_due_day = IntegerField("Hạn nộp của huyện, sở, ngành", validators=[Optional(), _DAY])
    office_due_day = IntegerField("Hạn nộp của Văn phòng Điều phối", validators=[Optional(), _DAY])
    lock_days = IntegerField(
        "Khóa sau hạn nộp (ngày)",
        validators=[Optional(), NumberRange(0, 366, "Hãy nhập một số từ 0 đến 366.")],
    )
    recipients = TextAreaField(
        "Nơi nhận", validators=[filled("Hãy nhập ít nhất một nơi nhận."), at_most(2000)]
    )
    paths = StringField("Căn cứ", validators=[at_most(500)])
    agencies = SelectMultipleField("Cơ quan phải nộp", coerce=int, option_widget=CheckboxInput())
    known: Mapping[str, Clause]
    """The clauses of the plan by their paths."""
    usual: Mapping[str, int]
    """What holds where a day is left empty, by the name of its field."""

    @classmethod
    def of(
        cls,
        requirement: ReportRequirement | None,
        clauses: Iterable[Clause],
        agencies: Iterable[Agency],
        usual: Mapping[str, int],
        **options: None,
    ) -> "RequirementForm":
        """The form as sent, or as the requirement stands; with `formdata=None` always the latter."""
        row = requirement
        form = (
            cls(**options, version=0)
            if row is None
            else cls(
                **options,
                title=row.title,
                kinds=list(row.kinds),
                cut_off_day=row.cut_off_day,
                agency_due_day=row.agency_due_day,
                office_due_day=row.office_due_day,
                lock_days=row.lock_days,
                recipients="\n".join(row.recipients),
                paths=", ".join(clause.path for clause in row.clauses),
                agencies=[agency.id for agency in row.agencies],
                version=row.version,
            )
        )
        form.agencies.choices = [(agency.id, agency.name) for agency in agencies]
        form.usual = usual
        form.known = {clause.path: clause for clause in reversed(list(clauses))}
        return form

    def validate_kinds(self, field: Any) -> None:
        """Something has to come at least once a year."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một kỳ báo cáo.")

    def validate_agencies(self, field: Any) -> None:
        """Somebody has to owe it."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một cơ quan.")

    def validate_paths(self, field: Any) -> None:
        """Each path is one of the plan."""
        unknown = [path for path in self._paths() if path not in self.known]
        if unknown:
            raise ValidationError(f"Kế hoạch không có mục {', '.join(unknown)}.")

    def validate(self, extra_validators: Any = None) -> bool:
        """The days of the month climb: figures closed, then agencies, then the office."""
        if not super().validate(extra_validators):
            return False
        cut_off, agency_due, office_due = (
            self.usual[name] if self[name].data is None else self[name].data
            for name in ("cut_off_day", "agency_due_day", "office_due_day")
        )
        fault = days_fault(cut_off, agency_due, office_due)
        if fault is None:
            return True
        first = cut_off if fault is DaysFault.AGENCY_DUE else agency_due
        late = self.agency_due_day if fault is DaysFault.AGENCY_DUE else self.office_due_day
        late.errors = [DAYS_FAULTS[fault].format(first, first + 1)]
        return False

    def _paths(self) -> list[str]:
        return list(dict.fromkeys(filter(None, _SEPARATORS.split(self.paths.data or ""))))

    @property
    def clauses(self) -> list[Clause]:
        """The clauses that were named, once the form is valid."""
        return [self.known[path] for path in self._paths()]

    @property
    def chosen_kinds(self) -> list[PeriodKind]:
        """How often, in the order of length."""
        return [kind for kind in PERIOD_KINDS if kind.value in (self.kinds.data or ())]

    @property
    def days(self) -> Days:
        """Its days; None where the settings hold."""
        return Days(
            self.cut_off_day.data,
            self.agency_due_day.data,
            self.office_due_day.data,
            self.lock_days.data,
        )

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """Who gets the reports."""
        return lines(self.recipients.data)


_HOURS = {"": "cuối ngày"} | {
    f"{hour:02}:{minute:02}": f"{hour:02}:{minute:02}"
    for hour in range(7, 22)
    for minute in (0, 30)
}


class CloseForm(VersionedForm):
    """Wait no longer for answers."""


class AskForm(Form):
    """One question to several agencies, due on a day and perhaps at an hour."""

    title = StringField("Tên báo cáo", validators=[filled("Hãy nhập tên báo cáo."), at_most(200)])
    question = TextAreaField(
        "Nội dung yêu cầu", validators=[filled("Hãy nhập nội dung yêu cầu."), at_most(5000)]
    )
    groups = SelectMultipleField("Nhóm cơ quan", coerce=int, option_widget=CheckboxInput())
    agencies = SelectMultipleField("Cơ quan", coerce=int, option_widget=CheckboxInput())
    due_on = DateField("Hạn nộp, ngày")
    due_at = SelectField("Giờ", choices=_HOURS)

    def offer(self, agencies: Sequence[Agency], groups: Iterable[AgencyGroup]) -> None:
        """Fill the lists; a group stands for those of its members that may be asked."""
        self.known = agencies
        self.agencies.choices = [(agency.id, agency.name) for agency in agencies]
        self.members = {group.id: {member.id for member in group.members} for group in groups}
        self.groups.choices = [(g.id, f"{g.name} ({len(g.members)})") for g in groups]

    def validate_agencies(self, _field: Any) -> None:
        """Somebody is asked."""
        if not self.asked:
            raise ValidationError("Hãy chọn ít nhất một cơ quan hoặc nhóm.")

    def validate_due_on(self, field: Any) -> None:
        """A real day, and a moment that lies ahead."""
        needs_day(field, "Hãy chọn ngày phải nộp.")
        hour = self.due_time or time.max
        if datetime.combine(field.data, hour) <= clock.local(clock.now()).replace(tzinfo=None):
            raise ValidationError("Hạn nộp phải ở phía trước; hãy chọn ngày, giờ khác.")

    @property
    def asked(self) -> list[Agency]:
        """Who was chosen, by name or by group, in protocol order."""
        chosen = set(self.agencies.data or ())
        for number in self.groups.data or ():
            chosen |= self.members.get(number, set())
        return [agency for agency in self.known if agency.id in chosen]

    @property
    def due_time(self) -> time | None:
        """The hour; None for the end of the day."""
        return time.fromisoformat(self.due_at.data) if self.due_at.data else None


class EnterForm(SourceFields, VersionedForm):
    """Send a report for another agency, from what came by document, call or mail, as one text."""

    body = TextAreaField(
        "Nội dung báo cáo", validators=[filled("Hãy nhập nội dung báo cáo."), at_most(MOST_TEXT)]
    )

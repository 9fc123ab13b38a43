"""Who owes which reports, and when."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import (
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from ntmtasks.agencies.forms import lines
from ntmtasks.agencies.models import Agency
from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.plans.models import Clause
from ntmtasks.reports.labels import DAYS_FAULTS, PERIOD_KINDS
from ntmtasks.reports.models import ReportRequirement
from ntmtasks.reports.rules.periods import Days, DaysFault, PeriodKind, days_fault

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

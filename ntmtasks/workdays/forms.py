"""Forms about days off and settings."""

from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from ntmtasks.core.formats import WEEKDAYS
from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.core.settings import (
    AGENCY_DUE_DAY,
    CUT_OFF_DAY,
    NUMBERS,
    OFFICE_DUE_DAY,
    TOTAL_MEGABYTES,
    UPLOAD_MEGABYTES,
    NumberSetting,
)
from ntmtasks.workdays.rules import is_working_day

OFF, WORKING = "off", "working"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayForm(VersionedForm):
    """A day off, or a weekend day that is worked; no version where none was seen."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    day = DateField("Ngày")
    kind = SelectField("Loại", choices={OFF: "Ngày nghỉ", WORKING: "Ngày làm việc"})
    name = StringField("Tên", validators=[filled("Hãy nhập tên ngày này."), at_most(200)])

    @property
    def is_working(self) -> bool:
        """Whether the day is to be worked."""
        return bool(self.kind.data == WORKING)

    def validate_day(self, field: Any) -> None:
        """A day that is off or worked anyway needs no row."""
        if field.data is None:
            return
        if not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(f"Hãy nhập năm từ {FIRST_YEAR} đến {LAST_YEAR}.")
        if is_working_day(field.data, {}) == self.is_working:
            usual = "ngày làm việc" if self.is_working else "ngày nghỉ"
            raise ValidationError(
                f"Ngày này là {WEEKDAYS[field.data.weekday()]}, vốn đã là {usual}."
            )


class SettingsForm(VersionedForm):
    """One field for each number of core/settings.py, added below."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Due days climb: figures closed, then agencies, then the office (NĐ 09/2019/NĐ-CP)."""
        valid = bool(super().validate(extra_validators))
        for earlier, later in ((CUT_OFF_DAY, AGENCY_DUE_DAY), (AGENCY_DUE_DAY, OFFICE_DUE_DAY)):
            first, second = self[earlier.name], self[later.name]
            if not first.errors and not second.errors and second.data <= first.data:
                second.errors = [f"Phải sau “{earlier.label}” (ngày {first.data})."]
                valid = False
        return self._takes_one_file() and valid

    def _takes_one_file(self) -> bool:
        """All files together may be at least as big as one."""
        one, all_together = self[UPLOAD_MEGABYTES.name], self[TOTAL_MEGABYTES.name]
        if one.errors or all_together.errors or all_together.data >= one.data:
            return True
        all_together.errors = [f"Không được nhỏ hơn “{UPLOAD_MEGABYTES.label}” ({one.data})."]
        return False

    def values(self) -> dict[str, int]:
        """The numbers by the names of their settings, after validation."""
        return {setting.name: self[setting.name].data for setting in NUMBERS}


def _between(setting: NumberSetting) -> Any:
    def check(_form: Any, field: Any) -> None:
        if field.data is not None and not setting.low <= field.data <= setting.high:
            raise ValidationError(f"Hãy nhập một số từ {setting.low} đến {setting.high}.")

    return check


for _setting in NUMBERS:
    setattr(
        SettingsForm,
        _setting.name,
        IntegerField(_setting.label, validators=[_between(_setting)]),
    )

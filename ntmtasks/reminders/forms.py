"""Forms about the rules of reminding."""

from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, StringField
from wtforms.validators import ValidationError

from ntmtasks.core import clock
from ntmtasks.core.forms import VersionedForm, at_most
from ntmtasks.reminders.labels import days_after, days_before
from ntmtasks.reminders.rules import (
    COUNTED_FROM_A_PAST_DAY,
    MOST_DAYS,
    MOST_RUNGS,
    RUNGS,
    BadDays,
    Ladder,
    Rungs,
    days_of,
)

TOO_FAR = f"Hãy chọn một ngày cách hôm nay không quá {MOST_DAYS} ngày."


def is_near(day: date) -> bool:
    """Whether a day is one on which reminders may be tried."""
    return abs((day - clock.today()).days) <= MOST_DAYS


class RuleForm(VersionedForm):
    """The days of one ladder as plain lists of numbers, and a day to try them on.

    `tries`: that is what is asked for, and the day has to be given.
    """

    tries = False
    always = ""
    """Days that a ladder has without a field for them."""

    before = StringField("Trước hạn (số ngày)", validators=[at_most(200)])
    after = StringField("Sau hạn (số ngày)", validators=[at_most(200)])
    step = StringField("Rồi nhắc lại sau mỗi (ngày)", validators=[at_most(200)])
    in_working_days = BooleanField("Đếm theo ngày làm việc")
    on = DateField("Thử trên ngày")

    @classmethod
    def of(cls, ladder: Ladder, **given: Any) -> "RuleForm":
        """The form of a ladder, without the field that it has no use for."""
        form = cls(**given)
        if ladder in COUNTED_FROM_A_PAST_DAY:
            form.always = days_before(RUNGS[ladder])
            del form.before
            form.after.label.text = "Sau (số ngày)"
        return form

    def show(self, rungs: Rungs, version: int) -> "RuleForm":
        """The form with the days that hold now."""
        if "before" in self:
            self.before.data = days_before(rungs)
        self.after.data = days_after(rungs)
        self.step.data = str(rungs.step or "")
        self.in_working_days.data = rungs.in_working_days
        self.see_version(version)
        return self

    def rungs(self, ladder: Ladder) -> Rungs:
        """The typed days, after validation."""
        before = RUNGS[ladder].before
        if "before" in self:
            before = tuple(-days for days in reversed(days_of(self.before.data or "")))
        step = days_of(self.step.data or "")
        return Rungs(
            tuple(sorted(before)),
            days_of(self.after.data or ""),
            step[0] if step else 0,
            bool(self.in_working_days.data),
        )

    def validate_before(self, field: StringField) -> None:
        """Days before the deadline and the day itself."""
        _checked(field, 0)

    def validate_after(self, field: StringField) -> None:
        """Days after it; on the day itself nothing is late."""
        found = _checked(field, 1)
        only_step = not found and bool(self.step.data)
        if only_step:
            raise ValidationError("Hãy ghi ngày nhắc đầu tiên sau hạn, ví dụ: 1.")
        before = self.before.data if "before" in self else self.always
        if not found and not (before or "").strip():
            raise ValidationError(
                "Hãy ghi ít nhất một ngày. Muốn thôi nhắc, hãy tạm dừng quy tắc này."
            )

    def validate_step(self, field: StringField) -> None:
        """One number of days, or nothing."""
        if len(_checked(field, 1)) > 1:
            raise ValidationError("Hãy ghi một số ngày, hoặc để trống nếu không nhắc lại.")

    def validate_on(self, field: DateField) -> None:
        """Asked for by `tries` alone."""
        if not self.tries:
            field.errors = []
        elif field.data is None and not field.errors:
            raise ValidationError("Hãy chọn ngày để thử.")
        elif field.data is not None and not is_near(field.data):
            raise ValidationError(TOO_FAR)


def _checked(field: StringField, least: int) -> tuple[int, ...]:
    """The days of a field; a sentence says which word is none."""
    try:
        found = days_of(field.data or "")
    except BadDays as error:
        word = error.args[0]
        raise ValidationError(
            f"“{word}” không phải là số ngày. Hãy ghi các số từ {least} đến {MOST_DAYS}, cách nhau "
            "bằng dấu phẩy, ví dụ: 30, 7, 1."
            if word
            else f"Nhiều số quá; mỗi ô ghi được {MOST_RUNGS} số."
        ) from None
    if found and found[0] < least:
        raise ValidationError(f"Hãy ghi các số từ {least} đến {MOST_DAYS}.")
    return found

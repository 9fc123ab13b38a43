"""Whether work is concrete, continuous or recurring, and on which days it recurs."""

from datetime import date
from typing import Any

from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import ValidationError

from ntmtasks.core.formats import WEEKDAYS
from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.progress.labels import RHYTHMS, schedule_words
from ntmtasks.progress.rules.occurrences import LAST_DAY, Rhythm, Schedule
from ntmtasks.tasks.labels import KINDS
from ntmtasks.tasks.rules import TaskKind
from ntmtasks.tasks.service.kinds import Habit


class HabitFields:
    """How work comes; a form takes them by inheritance. What does not concern the kind is ignored."""

    kind = SelectField(
        "Loại việc",
        coerce=TaskKind,
        choices={kind.value: label for kind, label in KINDS.items()},
        default=TaskKind.CONCRETE.value,
    )
    deadline = DateField("Thời hạn")
    rhythm = SelectField(
        "Nhịp",
        coerce=Rhythm,
        choices={rhythm.value: label for rhythm, label in RHYTHMS.items()},
        default=Rhythm.WEEKLY.value,
    )
    weekday = SelectField(
        "Vào thứ",
        coerce=int,
        choices={str(number): name.capitalize() for number, name in enumerate(WEEKDAYS)},
        default=0,
    )
    month_day = IntegerField("Vào ngày trong tháng", default=LAST_DAY)

    def validate_deadline(self, field: Any) -> None:
        """Concrete work has no plan here to take a default from."""
        field.errors = []
        if self.kind.data is TaskKind.CONCRETE and field.data is None:
            raise ValidationError("Hãy ghi thời hạn theo dạng ngày/tháng/năm.")

    def validate_month_day(self, field: Any) -> None:
        """1–31, where the rhythm is longer than a week."""
        field.errors = []
        needed = self.kind.data is TaskKind.RECURRING and self.rhythm.data is not Rhythm.WEEKLY
        if needed and not (field.data and 1 <= field.data <= 31):
            raise ValidationError("Ngày trong tháng là số từ 1 đến 31.")

    def schedule(self) -> Schedule | None:
        """On which days the work recurs, if it does."""
        if self.kind.data is not TaskKind.RECURRING:
            return None
        rhythm: Rhythm = self.rhythm.data
        if rhythm is Rhythm.WEEKLY:
            return Schedule(rhythm, weekday=self.weekday.data)
        return Schedule(rhythm, month_day=self.month_day.data or LAST_DAY)

    def habit(self) -> Habit:
        """How the work comes, once the form is valid."""
        kind: TaskKind = self.kind.data
        schedule = self.schedule()
        if schedule is not None:
            return Habit(kind, None, [schedule.rhythm.value], schedule_words(schedule))
        deadline: date | None = self.deadline.data if kind is TaskKind.CONCRETE else None
        return Habit(kind, deadline)


class HabitForm(HabitFields, VersionedForm):
    """Another kind or rhythm for a task under way, and why."""

    reason = StringField("Lý do", validators=[filled("Hãy ghi lý do."), at_most(1000)])

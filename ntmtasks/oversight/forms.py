"""A leader's acts beside what is late, in place: they are sent to the addresses of the task page; keys of
programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from wtforms import SelectField

from ntmtasks.core.forms import Form
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

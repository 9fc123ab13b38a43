"""Forms of the review: a row, many rows at once, a cut, a finding."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from ntmtasks.core.formats import day
from ntmtasks.core.forms import Difference, Form, VersionedForm, at_most, filled, words_of
from ntmtasks.tasks.labels import KINDS, MODES, ROLES
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole

REMOVE = "remove"
NOBODY = (0, "– chọn cơ quan –")
Choices = Sequence[tuple[int, str]]


def _choices(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): label for value, label in words.items()}


class RowForm(VersionedForm):
    """One row. `agencies` are those with fields of their own, `role_<id>` and `officer_<id>`."""

    agencies: Choices = ()
    text = TextAreaField(
        "Nội dung nhiệm vụ", validators=[filled("Hãy ghi nội dung nhiệm vụ."), at_most()]
    )
    product = StringField("Sản phẩm", validators=[at_most(500)])
    kind = SelectField("Loại việc", choices=_choices(KINDS))
    mode = SelectField("Cách thực hiện", choices=_choices(MODES))
    deadline = DateField("Thời hạn", validators=[Optional()])
    deadline_note = StringField("Căn cứ, lý do của thời hạn", validators=[at_most(500)])
    new_role = SelectField("Vai trò", choices=_choices(ROLES), default=AssignmentRole.LEAD.value)
    new_agency = SelectField("Thêm cơ quan", coerce=int, default=0)

    def role_of(self, agency_id: int) -> SelectField:
        """The role of an agency in this row."""
        field: SelectField = self[f"role_{agency_id}"]
        return field

    def officer_of(self, agency_id: int) -> SelectField:
        """Who is in charge in an agency; 0 means nobody."""
        field: SelectField = self[f"officer_{agency_id}"]
        return field


def row_form(
    agencies: Choices, agency_ids: Iterable[int], officers: Mapping[int, Choices]
) -> type[RowForm]:
    """The form of a row in which these agencies stand; `officers` by agency."""
    wanted = set(agency_ids)
    named = [(agency_id, name) for agency_id, name in agencies if agency_id in wanted]
    fields: dict[str, object] = {"agencies": named}
    roles = _choices(ROLES) | {REMOVE: "Bỏ cơ quan này"}
    for agency_id, name in named:
        people = {"0": "Chưa giao cho ai"} | {str(i): n for i, n in officers.get(agency_id, ())}
        fields[f"role_{agency_id}"] = SelectField(f"Vai trò của {name}", choices=roles)
        fields[f"officer_{agency_id}"] = SelectField(
            f"Người phụ trách của {name}", choices=people, coerce=int, default=0
        )
    return type("BoundRowForm", (RowForm,), fields)


class SplitForm(Form):
    """The text of a row with one more line break where it is to be cut."""

    typed = TextAreaField("Xuống dòng (Enter) ở chỗ cần tách", validators=[at_most()])


class SelectedForm(Form):
    """What is to be done with the selected rows; each field belongs to one act."""

    agency = SelectField("Cơ quan", coerce=int)
    role = SelectField("Vai trò", choices=_choices(ROLES), default=AssignmentRole.LEAD.value)
    deadline = DateField("Thời hạn", validators=[Optional()])
    note = StringField("Căn cứ, lý do", validators=[at_most(500)])
    product = StringField("Sản phẩm", validators=[at_most(500)])


class NameForm(Form):
    """Which agency an unknown name means."""

    name = HiddenField()
    agency = SelectField("Cơ quan", coerce=int)


class FindingForm(VersionedForm):
    """What became of a finding."""

    note = StringField("Ghi chú", validators=[at_most(1000)])
    state = HiddenField()


class TwinsForm(Form):
    """Two tasks that may be one."""

    one = IntegerField()
    other = IntegerField()


def moment(text: str) -> datetime | None:
    """The moment of a page that is open somewhere, or None where the text is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def seen_versions(pairs: Iterable[str]) -> dict[int, int]:
    """Versions by task id out of "17:3"; what is no such pair is left out."""
    split = (pair.partition(":") for pair in pairs)
    return {
        int(task_id): int(version)
        for task_id, _, version in split
        if task_id.isdecimal() and version.isdecimal()
    }


def differences(form: RowForm, task: Task) -> list[Difference]:
    """Where the typed row differs from the stored one."""
    stored = [
        (form.text, task.text, form.text.data or ""),
        (form.product, task.product, form.product.data or ""),
        (form.kind, KINDS[task.kind], words_of(form.kind)),
        (form.mode, MODES[task.mode], words_of(form.mode)),
        (form.deadline, day(task.deadline), day(form.deadline.data)),
        (form.deadline_note, task.deadline_note, form.deadline_note.data or ""),
    ]
    found = [Difference(f.label.text, there, mine) for f, there, mine in stored if there != mine]
    there, mine = _stored_agencies(task), _typed_agencies(form)
    return found + ([Difference("Cơ quan", there, mine)] if there != mine else [])


def _stored_agencies(task: Task) -> str:
    return "; ".join(
        f"{a.agency.short_name}: {ROLES[a.role]}{f', {a.officer.name}' if a.officer else ''}"
        for a in sorted(task.assignments, key=lambda a: a.agency.position)
    )


def _typed_agencies(form: RowForm) -> str:
    typed = [
        f"{name}: {words_of(form.role_of(agency_id))}{_person(form.officer_of(agency_id))}"
        for agency_id, name in form.agencies
        if form.role_of(agency_id).data != REMOVE
    ]
    if form.new_agency.data:
        typed.append(f"{words_of(form.new_agency)}: {words_of(form.new_role)}")
    return "; ".join(typed)


def _person(officer: SelectField) -> str:
    return f", {words_of(officer)}" if officer.data else ""

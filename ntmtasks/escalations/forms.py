"""Forms about difficulties."""

from typing import Any

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled
from ntmtasks.core.sources import SourceFields
from ntmtasks.escalations.labels import NOTES
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.queries import EscalationRow
from ntmtasks.escalations.rules import EscalationState, Person, needs_document


class EscalationForm(Form):
    """What holds the work up, what follows from it, and the decision that is asked for."""

    problem = TextAreaField(
        "Khó khăn, vướng mắc", validators=[filled("Hãy ghi khó khăn, vướng mắc."), at_most()]
    )
    effect = TextAreaField(
        "Ảnh hưởng", validators=[filled("Hãy ghi ảnh hưởng đến công việc."), at_most()]
    )
    decision = TextAreaField(
        "Kiến nghị, đề xuất",
        validators=[filled("Hãy ghi điều đề nghị cấp trên quyết định."), at_most()],
    )
    tasks = SelectMultipleField("Nhiệm vụ bị ảnh hưởng", coerce=int)


class BehalfForm(SourceFields, EscalationForm):
    """The same, written by the coordinator for the own agency, or for another one from a document,
    call or mail."""

    agency = SelectField("Cơ quan phản ánh", coerce=int)
    own_agency: int = 0

    @property
    def is_on_behalf(self) -> bool:
        """Whether it is another agency's difficulty."""
        return bool(self.agency.data != self.own_agency)

    def validate(self, extra_validators: Any = None) -> bool:
        """Only for another agency one must say from where one knows."""
        if not self.is_on_behalf:
            self.source_ref.validators = ()
        return bool(super().validate(extra_validators))

    def validate_source_on(self, field: Any) -> None:
        """The day of the source, where there has to be one."""
        field.errors = []
        if self.is_on_behalf:
            super().validate_source_on(field)


class StepForm(VersionedForm):
    """One step: what is said, and the document behind it."""

    note = TextAreaField("Nội dung", validators=[filled("Hãy ghi nội dung."), at_most()])
    document = StringField("Văn bản (số, ngày)", validators=[at_most(300)])
    back = HiddenField()
    document_needed: bool = False

    def validate_document(self, field: Any) -> None:
        """What came or went on paper must name the paper."""
        if self.document_needed and not field.data:
            raise ValidationError("Hãy ghi số, ngày của văn bản.")


def step_forms(
    who: Person,
    row: EscalationRow,
    back: str = "",
    refused: tuple[EscalationState, StepForm] | None = None,
) -> dict[EscalationState, StepForm]:
    """The forms of the steps that `who` may take now; `back` names the page to which they return.
    One that was refused stands in its place, even when its step is gone: what was typed is not lost."""
    given = {refused[0]: refused[1]} if refused is not None else {}
    forms = given | {step: _fresh(row.it, back) for step in row.steps} | given
    for step, form in forms.items():
        form.note.label.text = NOTES[step]
        form.document_needed = needs_document(who, step)
    return forms


def _fresh(it: Escalation, back: str) -> StepForm:
    return StepForm(formdata=None, data={"version": it.version, "back": back})


class RouteForm(VersionedForm):
    """Who consolidates, and to whom it is submitted."""

    agency = SelectField("Cơ quan tổng hợp", coerce=int)
    submitted_to = StringField("Trình", validators=[filled("Hãy ghi nơi trình."), at_most(200)])

"""Forms about difficulties."""

from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled


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


class BehalfForm(EscalationForm):
    """The same, written by the coordinator for an agency, from a document, call or mail."""

    agency = SelectField("Cơ quan phản ánh", coerce=int)
    source = StringField(
        "Nguồn (số, ngày văn bản; hoặc điện thoại, thư)", validators=[at_most(500)]
    )
    own_agency: int = 0

    def validate_source(self, field: Any) -> None:
        """For another agency one must say from where one knows."""
        if self.agency.data != self.own_agency and not field.data:
            raise ValidationError("Nhập thay cơ quan khác thì phải ghi nguồn và ngày.")


class StepForm(VersionedForm):
    """One step: what is said, and the document behind it."""

    note = TextAreaField("Nội dung", validators=[filled("Hãy ghi nội dung."), at_most()])
    document = StringField("Văn bản (số, ngày)", validators=[at_most(300)])
    document_needed: bool = False

    def validate_document(self, field: Any) -> None:
        """What came or went on paper must name the paper."""
        if self.document_needed and not field.data:
            raise ValidationError("Hãy ghi số, ngày của văn bản.")


class RouteForm(Form):
    """Who consolidates, and to whom it is submitted."""

    agency = SelectField("Cơ quan tổng hợp", coerce=int)
    submitted_to = StringField("Trình", validators=[filled("Hãy ghi nơi trình."), at_most(200)])

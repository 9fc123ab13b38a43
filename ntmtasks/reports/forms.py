"""Forms about reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.core.sources import SourceFields
from ntmtasks.core.web import MEGABYTE
from ntmtasks.files.rules import shown_name
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import Act


def ticked(_form: Any, field: Any) -> None:
    """Validator: the box must be ticked."""
    if not field.data:
        raise ValidationError("Hãy đánh dấu xác nhận trước khi nộp.")


class BodyForm(VersionedForm):
    """The text of a report."""

    body = TextAreaField(
        "Nội dung báo cáo", validators=[filled("Hãy nhập nội dung báo cáo."), at_most()]
    )


class SubmitForm(BodyForm):
    """Send a report."""

    confirm = BooleanField(
        "Tôi xác nhận số liệu đã chốt và nộp báo cáo này thay mặt cơ quan", validators=[ticked]
    )


class EnterForm(SourceFields, BodyForm):
    """Send a report for another agency, from what came by document, call or mail."""


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

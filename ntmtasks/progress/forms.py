"""Fields that the forms of work under way share, the form of guests, and those of explanations."""

import io
from datetime import date
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import (
    DateField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled, needs_day
from ntmtasks.core.web import MEGABYTE
from ntmtasks.files.rules import content_type, shown_name
from ntmtasks.progress.labels import BARE_WORDS
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.rules.asks import ExplanationState, may_judge
from ntmtasks.progress.rules.evidence import MOST_FILES, NewEvidence, NewFile
from ntmtasks.progress.rules.rights import Person, Work, may_update
from ntmtasks.progress.rules.substance import bare_words, has_number
from ntmtasks.tasks.rules import WorkState

PROGRESS_STATES = {
    WorkState.IN_PROGRESS.value: "Đang thực hiện",
    WorkState.SUBMITTED.value: "Báo cáo hoàn thành",
}


class EvidenceFields:
    """Files with the paper that they belong to, or a paper without a scan; a form takes them by
    inheritance.

    `megabytes` is the most that one file may have, `total_megabytes` all of them together. A browser
    cannot keep chosen files, so what is refused says that they are to be chosen again.
    """

    megabytes: int = 20
    total_megabytes: int = 60
    _files: tuple[NewFile, ...] = ()
    files = MultipleFileField("Tệp minh chứng")
    document = StringField("Số/ký hiệu văn bản", validators=[at_most(200)])
    document_date = DateField("Ngày văn bản", validators=[Optional()])

    def validate_files(self, field: Any) -> None:
        """Only .docx, .xlsx, .pdf, .jpg and .png by their content, none empty, none too big."""
        uploads = [u for u in field.data or () if isinstance(u, FileStorage) and u.filename]
        if len(uploads) > MOST_FILES:
            raise ValidationError(f"Mỗi lần chỉ đính được {MOST_FILES} tệp; hãy chọn lại.")
        if sum(map(_size, uploads)) > self.total_megabytes * MEGABYTE:
            raise ValidationError(self.too_much)
        self._files = tuple(self._file(upload) for upload in uploads)

    def validate_document(self, field: Any) -> None:
        """A day alone names no paper."""
        if self.document_date.data and not field.data and not self._has_upload:
            raise ValidationError("Hãy ghi số/ký hiệu của văn bản có ngày này, hoặc chọn tệp.")

    @property
    def too_much(self) -> str:
        """The sentence about files that are too big together."""
        return (
            f"Các tệp cộng lại lớn hơn {self.total_megabytes} MB; hãy chọn ít tệp hơn rồi gửi "
            "làm nhiều lần."
        )

    @property
    def too_big(self) -> str:
        """The sentence about a file that is too big, for a browser that has not sent it yet."""
        return f"Có tệp lớn hơn {self.megabytes} MB; hãy chọn tệp nhỏ hơn."

    @property
    def _has_upload(self) -> bool:
        return any(isinstance(u, FileStorage) and u.filename for u in self.files.data or ())

    def _file(self, upload: FileStorage) -> NewFile:
        name = shown_name(upload.filename)
        content = upload.stream.read(self.megabytes * MEGABYTE + 1)
        if not content:
            raise ValidationError(f"Tệp “{name}” trống; hãy chọn lại.")
        if len(content) > self.megabytes * MEGABYTE:
            raise ValidationError(
                f"Tệp “{name}” lớn hơn {self.megabytes} MB; hãy chọn tệp nhỏ hơn."
            )
        kind = content_type(content)
        if kind is None:
            raise ValidationError(
                f"Tệp “{name}” không phải Word (.docx), Excel (.xlsx), PDF, ảnh JPG hoặc PNG, "
                "hoặc đã hỏng; hãy chọn lại."
            )
        return NewFile(name, content, kind)

    def proof(self) -> NewEvidence:
        """What was sent, once the form is valid."""
        return NewEvidence(self._files, self.document.data or "", self.document_date.data)


def _size(upload: FileStorage) -> int:
    size = upload.stream.seek(0, io.SEEK_END)
    upload.stream.seek(0)
    return size


class ProgressFields(EvidenceFields):
    """State, percent, text, figure and product of one report of progress, with evidence; a form takes
    them by inheritance."""

    state = SelectField(
        "Trạng thái", choices=PROGRESS_STATES, validate_choice=False, default="in_progress"
    )
    percent = IntegerField("Tiến độ (%)")
    body = TextAreaField("Nội dung", validators=[filled("Hãy ghi kết quả đã làm được."), at_most()])
    figure = StringField("Số liệu (ví dụ 24/36 xã)", validators=[at_most(200)])

    product = StringField("Sản phẩm", validators=[at_most(500)])

    def validate_figure(self, field: StringField) -> None:
        """A figure has a number in it; anything else belongs into the text."""
        if field.data and not has_number(field.data):
            raise ValidationError("Số liệu phải có con số, ví dụ 24/36 xã.")

    def validate_state(self, field: SelectField) -> None:
        """One of the two states that an agency sets by progress."""
        if field.data not in PROGRESS_STATES:
            raise ValidationError("Hãy chọn Đang thực hiện hoặc Báo cáo hoàn thành.")

    def validate_percent(self, field: IntegerField) -> None:
        """0–100; a bad number keeps what was typed."""
        if field.data is None or not 0 <= field.data <= 100:
            field.errors = []
            raise ValidationError("Tiến độ là số nguyên từ 0 đến 100.")

    @property
    def hint(self) -> str:
        """What the report, once valid, could say better, else ''; never a reason to refuse it."""
        proof = self.proof()
        has_product = bool(proof or self.product.data)
        word = bare_words(self.body.data or "", self.figure.data or "", has_product)
        return BARE_WORDS.format(word) if word else ""


class GuestForm(ProgressFields, VersionedForm):
    """What somebody without an account reports through a guest link."""

    class Meta(VersionedForm.Meta):
        csrf = True  # no check before the view: a page left open for days keeps what was typed

    name = StringField(
        "Họ và tên người báo", validators=[filled("Hãy ghi họ và tên."), at_most(100)]
    )
    title = StringField(
        "Chức vụ, đơn vị",
        validators=[filled("Hãy ghi chức vụ, đơn vị để cơ quan biết ai báo."), at_most(150)],
    )

    @property
    def written_by(self) -> str:
        """Who writes, once the form is valid."""
        return f"{self.name.data}, {self.title.data}"


class DirectiveForm(Form):
    """A leader's directive."""

    body = TextAreaField(
        "Ý kiến chỉ đạo", validators=[filled("Hãy ghi ý kiến chỉ đạo."), at_most(5000)]
    )


class QuestionForm(Form):
    """A demand to explain what is late."""

    question = TextAreaField(
        "Nội dung cần giải trình",
        validators=[filled("Hãy ghi nội dung cần giải trình."), at_most(2000)],
    )
    answer_by = DateField("Trả lời trước ngày")

    def validate_answer_by(self, field: DateField) -> None:
        """A real day is needed."""
        needs_day(field, "Hãy ghi ngày phải trả lời theo dạng ngày/tháng/năm.")


class DemandForm(QuestionForm):
    """The same where several things may be late: `assignment` is the number of late work, or names a
    missed slot ("slot-33")."""

    assignment = SelectField("Việc chậm")


class AnswerForm(VersionedForm):
    """An agency's explanation."""

    answer = TextAreaField(
        "Giải trình", validators=[filled("Hãy ghi nội dung giải trình."), at_most()]
    )


class JudgementForm(VersionedForm):
    """Accept an explanation, or ask again: `decision` says which."""

    question = TextAreaField("Nội dung cần giải trình thêm", validators=[at_most(2000)])
    answer_by = DateField("Trả lời trước ngày")
    decision = StringField()

    def validate_decision(self, field: StringField) -> None:
        """One of the two."""
        if field.data not in ("accept", "repeat"):
            raise ValidationError("Hãy chọn Chấp nhận hoặc Yêu cầu giải trình lại.")

    def validate_question(self, field: TextAreaField) -> None:
        """Whoever asks again says what is missing."""
        if self.decision.data == "repeat" and not field.data:
            raise ValidationError("Hãy ghi nội dung cần giải trình thêm.")

    def validate_answer_by(self, field: DateField) -> None:
        """A day for the new answer; whoever accepts needs none."""
        field.errors = []
        if self.decision.data == "repeat":
            needs_day(field, "Hãy ghi ngày phải trả lời theo dạng ngày/tháng/năm.")


def explanation_forms(
    person: Person, work: Work, asked: ExplanationRequest, answer_by: date
) -> dict[str, Form]:
    """By act the forms beside a demand, for who may answer or judge it now; `answer_by` is proposed
    for a new answer."""
    if asked.state is ExplanationState.ASKED and may_update(person, work):
        return {"answer": AnswerForm(formdata=None, data={"version": asked.version})}
    judges = may_judge(person, work, asked.asked_by.role, asked.answered_by_id)
    if asked.state is ExplanationState.ANSWERED and judges:
        data = {"version": asked.version, "answer_by": answer_by}
        return {"judge": JudgementForm(formdata=None, data=data)}
    return {}

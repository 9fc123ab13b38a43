"""Bringing in a plan as it was issued."""

from dataclasses import dataclass
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, TextAreaField
from wtforms.validators import Optional, ValidationError

from ntmtasks.core.forms import Form
from ntmtasks.files.rules import shown_name

FIRST_YEAR, LAST_YEAR = 2000, 2100
PASTED = "Văn bản dán.txt"


@dataclass(frozen=True)
class Document:
    """What came: the name to show and the bytes."""

    name: str
    content: bytes


class UploadForm(Form):
    """A file or pasted text, and the plan's year where the document does not say it.

    `limit` is in megabytes (2^20 bytes).
    """

    file = FileField("Tệp kế hoạch")
    text = TextAreaField("Dán văn bản")
    year = IntegerField("Năm kế hoạch", validators=[Optional()])
    apart = BooleanField("Vẫn đưa vào thành kế hoạch riêng")

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
        self._read: Document | None = None

    @property
    def document(self) -> Document:
        """What the person gave, after validation: the file, else the pasted text."""
        if self._read is None:
            given = self.file.data
            self._read = (
                Document(shown_name(given.filename), given.read())
                if given
                else Document(PASTED, (self.text.data or "").encode())
            )
        return self._read

    @property
    def too_big(self) -> str:
        """What is said of a file over the limit, here and already in the browser."""
        return f"Tệp lớn quá {self.limit} MB. Hãy bỏ bớt hình, phụ lục rồi lưu lại cho gọn hơn."

    @property
    def source(self) -> Any:
        """The field that the document came from."""
        return self.file if self.file.data else self.text

    def validate_file(self, field: Any) -> None:
        """There is something to read, and it is not over the limit."""
        if not field.data:
            if not self.text.data:
                raise ValidationError("Hãy chọn tệp kế hoạch hoặc dán văn bản vào ô bên dưới.")
        elif len(self.document.content) > self.limit * 2**20:
            raise ValidationError(self.too_big)

    def validate_text(self, field: Any) -> None:
        """Nobody can know which of two documents is meant."""
        if field.data and self.file.data:
            raise ValidationError("Đã chọn tệp thì xóa văn bản ở đây, hoặc bỏ tệp đã chọn.")

    def validate_year(self, field: Any) -> None:
        """A year that a plan can have."""
        if field.data is not None and not FIRST_YEAR <= field.data <= LAST_YEAR:
            raise ValidationError(f"Hãy nhập năm từ {FIRST_YEAR} đến {LAST_YEAR}.")

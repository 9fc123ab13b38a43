"""Bringing running work in from an office's own spreadsheet."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import Optional, ValidationError

from ntmtasks.core.forms import Form, at_most, filled
from ntmtasks.files.rules import shown_name
from ntmtasks.intake.forms.upload import FIRST_YEAR, LAST_YEAR, Document
from ntmtasks.intake.rules.sheets.plan import PlanHead


class TableForm(Form):
    """The spreadsheet and the year of its plan; `limit` is in megabytes (2^20 bytes)."""

    file = FileField("Tệp Excel")
    year = IntegerField("Năm kế hoạch")

    def __init__(self, limit: int, year: int) -> None:
        super().__init__(data={"year": year})
        self.limit = limit
        self._read: Document | None = None

    @property
    def document(self) -> Document:
        """The file that came, after validation."""
        if self._read is None:
            given = self.file.data
            self._read = Document(shown_name(given.filename), given.read())
        return self._read

    @property
    def too_big(self) -> str:
        """What is said of a file over the limit, here and already in the browser."""
        return f"Tệp lớn quá {self.limit} MB. Hãy chia bảng thành nhiều tệp."

    def validate_file(self, field: Any) -> None:
        """There is a file, and it is not over the limit."""
        if not field.data:
            raise ValidationError("Hãy chọn tệp Excel (.xlsx).")
        if len(self.document.content) > self.limit * 2**20:
            raise ValidationError(self.too_big)

    def validate_year(self, field: Any) -> None:
        """A year that a plan can have."""
        if field.data is None or not FIRST_YEAR <= field.data <= LAST_YEAR:
            field.errors = []
            raise ValidationError(f"Hãy nhập năm từ {FIRST_YEAR} đến {LAST_YEAR}.")


class TakeOverForm(Form):
    """What a spreadsheet does not say about its plan, and what to do with bad rows."""

    number = StringField("Số kế hoạch", validators=[at_most(60)])
    title = StringField("Tên kế hoạch", validators=[filled("Hãy ghi tên kế hoạch."), at_most(500)])
    issuer = StringField(
        "Cơ quan ban hành", validators=[filled("Hãy ghi cơ quan ban hành."), at_most(200)]
    )
    issued_on = DateField("Ngày ban hành", validators=[Optional()])
    skip_bad = BooleanField("Bỏ các dòng có ô sai, chỉ đưa vào các dòng đúng")
    apart = BooleanField("Vẫn đưa vào thành kế hoạch riêng")

    def head(self, year: int) -> PlanHead:
        """What was filled in, after validation."""
        return PlanHead(
            number=self.number.data or "",
            title=self.title.data or "",
            issuer=self.issuer.data or "",
            issued_on=self.issued_on.data,
            year=year,
        )

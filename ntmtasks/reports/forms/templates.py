"""The office's own templates for reports."""

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms.validators import ValidationError

from ntmtasks.core.forms import VersionedForm
from ntmtasks.core.web import MEGABYTE
from ntmtasks.files.rules import shown_name


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

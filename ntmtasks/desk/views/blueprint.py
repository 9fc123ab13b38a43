"""The blueprint of the room and what its pages share."""

from flask import Blueprint

from ntmtasks.core.access import Permission

bp = Blueprint("desk", __name__)
READERS = (Permission.READ_OWN, Permission.READ_ALL)
CONFLICT = (
    "Việc này vừa được người khác thay đổi. Nội dung bạn nhập còn nguyên; hãy xem lại trạng thái mới "
    "rồi làm tiếp."
)

"""The office's own .docx in which its papers are written; read by the office child (core/word/)."""

import base64
import json
from dataclasses import dataclass
from datetime import date

import structlog

from ntmtasks.core import office
from ntmtasks.core.papers import PLACES, Heading, Letterhead, Paper, Signature, Text, to_docx
from ntmtasks.core.plain import to_plain

log = structlog.get_logger()

_AGAIN = "Hãy mở tệp bằng Word, lưu lại kiểu Word Document (.docx) rồi chọn lại."
_WHY = {
    "broken": f"Tệp này bị hỏng nên không đọc được. {_AGAIN}",
    "too_big": "Nội dung tệp này sau khi mở ra lớn quá mức cho phép. Hãy bỏ bớt hình rồi chọn lại.",
    "not_word": f"Đây không phải tệp Word kiểu .docx, hoặc tệp có mật khẩu. {_AGAIN}",
    "strict": f"Tệp này lưu kiểu “Strict Open XML” nên không dùng được. {_AGAIN}",
    "macros": f"Tệp này có macro nên không nhận. {_AGAIN}",
    "embedded": "Tệp này có đối tượng nhúng (bảng tính, điều khiển…) nên không nhận. Hãy xóa các đối "
    "tượng đó trong Word rồi chọn lại.",
    "nameless": "Tệp này không có dấu trang hay kiểu chữ nào của chương trình, nên không biết điền vào "
    "đâu. Hãy tải mẫu có sẵn về, sửa theo mẫu của cơ quan rồi tải lên.",
    "in_a_table": "Dấu trang “noi_dung” nằm trong bảng hoặc hộp văn bản. Hãy đặt nó ở một dòng riêng rồi "
    "chọn lại.",
}
_DROPPED = {
    "links": "liên kết ra ngoài",
    "fields": "trường tự tính",
    "comments": "nhận xét",
    "notes": "chú thích",
    "changes": "chỗ đã xóa khi theo dõi thay đổi",
    "pictures": "hình không phải PNG, JPG",
}
_LIMITS = office.Limits(seconds=30)


class Refused(Exception):
    """The file is no template; the message is a sentence for its owner."""


@dataclass(frozen=True)
class Template:
    """A template as it may be kept: `content` is rebuilt of harmless parts. `places` and `styles` are
    those that it holds, `dropped` says in words what was taken out."""

    content: bytes
    places: tuple[str, ...]
    styles: tuple[str, ...]
    dropped: tuple[str, ...]


def taken_in(content: bytes, today: date) -> Template:
    """The template that a file of strangers makes. Raises Refused."""
    try:
        order = to_plain(_example(today))
        answer = office.run("ntmtasks.core.word.templates.read", order, content, _LIMITS)
    except (office.TooBig, office.TooLong) as error:
        log.warning("template_not_read", size=len(content), error=str(error))
        raise Refused(_WHY["too_big"]) from None
    except office.OfficeError as error:
        log.warning("template_not_read", size=len(content), error=str(error))
        raise Refused(_WHY["broken"]) from None
    said = json.loads(answer)
    if "refused" in said:
        raise Refused(_WHY[said["refused"]])
    return Template(
        content=base64.b64decode(said["content"]),
        places=tuple(said["places"]),
        styles=tuple(said["styles"]),
        dropped=tuple(f"{n} {_DROPPED[what]}" for what, n in sorted(said["dropped"].items())),
    )


def to_start_from(today: date) -> bytes:
    """Our own template with every bookmark and style, for an office to make its own of. Raises
    office.OfficeError."""
    return to_docx(_example(today))


def _example(today: date) -> Paper:
    """A paper that says at each place what will stand there."""
    return Paper(
        letterhead=Letterhead("Cơ quan cấp trên", "Cơ quan ban hành", "BC-…", "Địa danh", today),
        title="Báo cáo",
        subject="Trích yếu nội dung",
        to=["Nơi gửi"],
        body=[
            Heading("I. Đề mục lớn (kiểu NTM Muc I)"),
            Heading("1. Đề mục (kiểu NTM Muc 1)", 2),
            Heading("a) Đề mục nhỏ (kiểu NTM Muc a)", 3),
            Text(
                "Nội dung (kiểu NTM Noi dung). Mọi dòng từ “I. Đề mục lớn” đến đây nằm trong dấu trang "
                f"“noi_dung”, chương trình thay bằng nội dung báo cáo. Dấu trang: {', '.join(PLACES)}."
            ),
        ],
        signature=Signature(["Quyền hạn, chức vụ"], "Họ và tên"),
        recipients=["Nơi nhận"],
    )

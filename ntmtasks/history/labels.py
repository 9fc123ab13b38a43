"""The record in sentences."""

from collections.abc import Mapping
from typing import Any, Protocol

GUEST = "qua liên kết khách – {}"
"""How the record and the pages name somebody who wrote through a guest link."""

VERBS: dict[str, str] = {
    "task.issue": "giao nhiệm vụ",
    "task.add": "thêm nhiệm vụ",
    "task.revise": "sửa khi soát",
    "task.take": "nhận đề xuất",
    "task.split": "tách nhiệm vụ",
    "task.merge": "gộp nhiệm vụ",
    "task.drop": "bỏ khi soát",
    "task.restore": "khôi phục",
    "task.progress": "cập nhật tiến độ",
    "task.submit": "báo cáo hoàn thành",
    "task.enter": "nhập thay cơ quan",
    "task.guest_link": "cấp liên kết khách",
    "task.guest_revoke": "thu hồi liên kết khách",
    "task.accept": "tiếp nhận nhiệm vụ",
    "task.refuse": "từ chối nhiệm vụ",
    "task.correct": "sửa nội dung nhập thay",
    "task.withdraw": "báo chưa hoàn thành",
    "task.pend": "gửi đầu mối chuyển",
    "task.pass": "chuyển thay cơ quan",
    "task.hold": "không chuyển",
    "task.confirm": "xác nhận hoàn thành",
    "task.return": "trả lại",
    "task.reopen": "mở lại việc đã hoàn thành",
    "task.give_back": "giao lại sau khi từ chối",
    "task.pause": "tạm dừng nhiệm vụ",
    "task.cancel": "hủy nhiệm vụ",
    "task.resume": "mở lại nhiệm vụ",
    "task.carry_over": "đưa tiến độ từ bảng theo dõi",
    "task.comment": "ghi ý kiến",
    "task.comment.edit": "sửa ý kiến",
    "task.comment.withdraw": "rút ý kiến",
    "task.evidence": "đính minh chứng",
    "task.evidence_withdraw": "rút minh chứng",
    "task.extension.ask": "đề nghị gia hạn",
    "task.extension.grant": "duyệt gia hạn",
    "task.extension.deny": "không duyệt gia hạn",
    "task.extension.withdraw": "rút đề nghị gia hạn",
    "task.extension.lapse": "làm hết hiệu lực đề nghị gia hạn",
    "task.explanation.demand": "yêu cầu giải trình",
    "task.explanation.answer": "giải trình",
    "task.explanation.accept": "chấp nhận giải trình",
    "task.explanation.repeat": "yêu cầu giải trình lại",
    "task.explanation.lapse": "làm hết hiệu lực yêu cầu giải trình",
    "task.directive": "ghi ý kiến chỉ đạo",
    "task.directive.edit": "sửa ý kiến chỉ đạo",
    "task.directive.withdraw": "rút ý kiến chỉ đạo",
    "task.urge": "đôn đốc",
    "task.occurrence.plan": "lập lịch các kỳ thực hiện",
    "task.occurrence.done": "ghi nhận kỳ thực hiện",
    "task.occurrence.move": "dời ngày một kỳ",
    "task.occurrence.not_held": "báo một kỳ không thực hiện",
    "task.occurrence.take_back": "bỏ ghi nhận một kỳ",
    "task.kind": "đổi loại việc, lịch thực hiện",
    "task.deadline": "đổi thời hạn",
    "task.officer": "đổi người phụ trách",
    "task.member": "thêm cơ quan",
    "task.role": "đổi vai trò",
    "task.agency": "đổi cơ quan",
    "task.escalate": "phản ánh khó khăn, vướng mắc",
    "escalation.report": "phản ánh khó khăn, vướng mắc",
    "escalation.step": "cập nhật khó khăn, vướng mắc",
    "plan.import": "đọc kế hoạch",
    "plan.issue": "ban hành giao việc",
    "finding.settle": "xử lý điểm cần lưu ý",
    "plan.ignore_name": "bỏ qua tên cơ quan chưa rõ",
    "report.require": "giao chế độ báo cáo",
    "report.ask": "yêu cầu báo cáo đột xuất",
    "report.close": "kết thúc thu báo cáo đột xuất",
    "report.change_requirement": "đổi chế độ báo cáo",
    "report.move": "đổi hạn nộp báo cáo",
    "report.enter": "nộp thay báo cáo",
    "report.submit": "nộp báo cáo",
    "report.accept": "tiếp nhận báo cáo",
    "report.return": "trả lại báo cáo",
    "report.unlock": "mở khóa kỳ báo cáo",
    "report.template": "thay mẫu báo cáo",
    "report.template.remove": "gỡ mẫu báo cáo",
    "filter.save": "lưu bộ lọc",
    "filter.remove": "xóa bộ lọc",
    "report.write": "soạn báo cáo",
    "status_page.make": "lập trang tình hình",
    "status_page.change": "sửa trang tình hình",
    "status_page.revoke": "thu hồi trang tình hình",
    "agency.change": "sửa cơ quan",
    "agency.add": "thêm cơ quan",
    "user.add": "thêm người dùng",
    "user.change": "sửa người dùng",
    "user.lock": "khóa tài khoản",
    "user.stand_in": "ủy quyền xác nhận",
    "user.stand_in_end": "thôi ủy quyền xác nhận",
    "user.away": "ghi nghỉ, người nhận thư thay",
    "user.back": "ghi đã đi làm lại",
    "user.hour": "đổi giờ nhận thư nhắc việc",
    "user.hand_over": "bàn giao công việc khi khóa tài khoản",
    "user.left_work": "trả việc đang làm về cơ quan cũ của",
    "user.unlock": "mở khóa tài khoản",
    "user.password": "đổi mật khẩu",
    "user.reset": "cấp lại mật khẩu",
    "calendar.make": "tạo địa chỉ lịch",
    "calendar.renew": "đổi địa chỉ lịch",
    "calendar.revoke": "thu hồi địa chỉ lịch",
    "api.make": "cấp khóa API",
    "api.revoke": "thu hồi khóa API",
    "webhook.make": "thêm nơi nhận sự kiện",
    "webhook.remove": "gỡ nơi nhận sự kiện",
    "webhook.pause": "tạm dừng gửi sự kiện",
    "webhook.resume": "gửi tiếp sự kiện",
    "webhook.retry": "gửi lại sự kiện",
    "workday.set": "đặt ngày nghỉ, ngày làm việc",
    "workday.remove": "bỏ ngày nghỉ, ngày làm việc",
    "setting.change": "đổi cài đặt",
    "reminder.rule": "đổi quy tắc nhắc việc",
    "reminder.pause": "tạm dừng quy tắc nhắc việc",
    "reminder.resume": "bật lại quy tắc nhắc việc",
    "mail.retry": "gửi lại thư",
    "sample.date": "chuyển ngày của bản mẫu",
}


def by_guest(written: str) -> str:
    """The name that a guest gave, marked as such."""
    return GUEST.format(written)


class Recorded(Protocol):
    """An entry of the record, as far as its sentence needs one."""

    @property
    def actor_name(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def before(self) -> Mapping[str, Any]: ...
    @property
    def after(self) -> Mapping[str, Any]: ...


def sentence(entry: Recorded) -> str:
    """Who did what, and from what to what: "Trần Bình trả lại · Trạng thái: từ “Chờ xác nhận” thành
    “Trả lại” · Lý do: Thiếu danh sách"."""
    names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
    changes = (_change(name, entry.before.get(name), entry.after.get(name)) for name in names)
    return " · ".join([f"{entry.actor_name} {VERBS[entry.verb]}", *filter(None, changes)])


def _change(name: str, before: Any, after: Any) -> str:
    if before in (None, "", after):
        return f"{name}: {after}" if after not in (None, "") else ""
    if after in (None, ""):
        return f"{name}: bỏ “{before}”"
    return f"{name}: từ “{before}” thành “{after}”"

"""Words for roles, and for who is told."""

from datetime import date

from ntmtasks.accounts.rules import Role
from ntmtasks.core.formats import day

ROLES: dict[Role, str] = {
    Role.ADMIN: "Quản trị",
    Role.COORDINATOR: "Văn phòng Điều phối",
    Role.CITY_LEADER: "Lãnh đạo UBND thành phố",
    Role.AGENCY_LEADER: "Lãnh đạo cơ quan",
    Role.FOCAL_POINT: "Đầu mối cơ quan",
    Role.OFFICER: "Chuyên viên",
    Role.VIEWER: "Người xem",
}
TOLD = "cơ quan được báo."
NOT_TOLD = "cơ quan chưa có người nhận và hộp thư nên chưa được báo, hãy gọi điện."


def in_place_of(name: str, until: date) -> str:
    """Whose mail somebody reads: "thay Trần Bình (nghỉ đến 22/11/2024)"."""
    return f"thay {name} (nghỉ đến {day(until)})"

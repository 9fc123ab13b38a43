"""The settings an admin may change, with their defaults, kinds and bounds."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from flask import g
from sqlalchemy import ScalarSelect, Select, func, select

from ntmtasks.core.db import ChangedMeanwhile, db, insert
from ntmtasks.core.kept import columns
from ntmtasks.core.models import Setting


@dataclass(frozen=True)
class NumberSetting:
    """A whole number with its label, default and bounds, all inclusive."""

    name: str
    label: str
    help: str
    default: int
    low: int
    high: int


CUT_OFF_DAY = NumberSetting(
    "cut_off_day", "Ngày chốt số liệu", "Ngày trong tháng (Nghị định 09/2019/NĐ-CP).", 14, 1, 28
)
AGENCY_DUE_DAY = NumberSetting(
    "agency_due_day",
    "Hạn nộp của huyện, sở, ngành",
    "Ngày trong tháng; ít nhất 1 ngày làm việc sau ngày chốt số liệu.",
    18,
    1,
    28,
)
OFFICE_DUE_DAY = NumberSetting(
    "office_due_day",
    "Hạn Văn phòng Điều phối trình UBND thành phố",
    "Ngày trong tháng; sau hạn nộp của huyện, sở, ngành.",
    22,
    1,
    28,
)
REPORT_LOCK_DAYS = NumberSetting(
    "report_lock_days",
    "Khóa kỳ báo cáo sau hạn nộp (ngày)",
    "Số ngày lịch sau hạn nộp; 0 là chỉ khóa khi tiếp nhận.",
    0,
    0,
    366,
)
WARNING_DAYS = NumberSetting(
    "warning_days", "Báo sắp đến hạn trước (ngày)", "Số ngày lịch trước thời hạn.", 3, 1, 30
)
QUARTER_FOUR_WARNING_DAYS = NumberSetting(
    "quarter_four_warning_days",
    "Báo sắp đến hạn Quý IV trước (ngày)",
    "Áp dụng khi chính kế hoạch ghi Quý IV.",
    30,
    1,
    90,
)
REMINDER_HOUR = NumberSetting(
    "reminder_hour", "Giờ gửi thư nhắc việc", "Giờ trong ngày làm việc.", 7, 5, 17
)
REMINDER_MINUTE = NumberSetting("reminder_minute", "Phút gửi thư nhắc việc", "", 30, 0, 59)
UPLOAD_MEGABYTES = NumberSetting(
    "upload_megabytes", "Cỡ tệp tải lên tối đa (MB)", "Áp dụng cho từng tệp.", 20, 1, 100
)
TOTAL_MEGABYTES = NumberSetting(
    "total_megabytes",
    "Tổng cỡ các tệp trong một lần gửi (MB)",
    "Không nhỏ hơn cỡ tối đa của một tệp.",
    60,
    1,
    300,
)

NUMBERS = (
    CUT_OFF_DAY,
    AGENCY_DUE_DAY,
    OFFICE_DUE_DAY,
    REPORT_LOCK_DAYS,
    WARNING_DAYS,
    QUARTER_FOUR_WARNING_DAYS,
    REMINDER_HOUR,
    REMINDER_MINUTE,
    UPLOAD_MEGABYTES,
    TOTAL_MEGABYTES,
)
SAMPLE_DATE = "sample_date"


def stored() -> dict[str, str]:
    """All stored settings; read once per request or job."""
    if "settings" not in g:
        g.settings = dict(columns(_all()))
    values: dict[str, str] = g.settings
    return values


@cache  # every request asks
def _all() -> Select[str, str]:
    return select(Setting.name, Setting.value)


def number(setting: NumberSetting) -> int:
    """The value of a number setting, or its default."""
    return int(stored().get(setting.name, setting.default))


def sample_date() -> date | None:
    """The day on which the sample instance stands; None in a real instance."""
    value = stored().get(SAMPLE_DATE)
    return date.fromisoformat(value) if value else None


@dataclass
class SettingsVersion:
    """How often some settings have been stored: what a form shows of them is a row that people edit."""

    version: int


def version_of(*names: str) -> SettingsVersion:
    """The version of these settings together."""
    return SettingsVersion(db.session.scalar(select(version_sql(*names))) or 0)


def version_sql(*names: str) -> ScalarSelect[int]:
    """The version of these settings together, as a column of a query."""
    stores = func.coalesce(func.sum(Setting.version), 0)
    return select(stores).where(Setting.name.in_(names)).scalar_subquery()


def store(name: str, value: str) -> None:
    """Set one setting; to be called inside a transaction. Raises ChangedMeanwhile where somebody else
    stores it at the same moment."""
    g.pop("settings", None)
    row = db.session.get(Setting, name)
    if row is None:
        first = insert(Setting).values(name=name, value=value, version=1)
        made = db.session.scalar(
            first.on_conflict_do_nothing(index_elements=["name"]).returning(Setting.name)
        )
        if made is None:
            raise ChangedMeanwhile
    else:
        row.value = value
        db.session.flush()

"""What other systems may ask of /api/v1: parameters, how they are read, and what is said of wrong ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from ntmtasks.core.clock import OFFICE_ZONE
from ntmtasks.reports.rules.states import Standing
from ntmtasks.tasks.rules import AssignmentRole, DeadlineClass, Phase, WorkState

PER_PAGE, MOST_PER_PAGE = 50, 200
MOST_PAGES = 100_000


class Kind(StrEnum):
    """How a parameter is written."""

    NUMBER = "number"
    WORDS = "words"
    DAY = "day"
    MOMENT = "moment"
    CHOICE = "choice"
    CHOICES = "choices"
    """Code names, one in each repetition of the parameter."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address; `about` is said in the OpenAPI document."""

    name: str
    kind: Kind
    about: str
    values: type[StrEnum] | None = None
    low: int = 1
    high: int = 2**31 - 1


class Section(StrEnum):
    """Sections of a plan that give work."""

    THREE = "III"
    FOUR = "IV"


PAGING = (
    Parameter("page", Kind.NUMBER, "Trang, từ 1.", high=MOST_PAGES),
    Parameter("per_page", Kind.NUMBER, "Số dòng một trang.", high=MOST_PER_PAGE),
)
_PLAN = Parameter("plan", Kind.NUMBER, "Số (id) của kế hoạch.")
_AGENCY = Parameter("agency", Kind.NUMBER, "Số (id) của cơ quan.")
_SECTION = Parameter("section", Kind.CHOICE, "Phần của kế hoạch.", Section)
_STATE = Parameter("state", Kind.CHOICES, "Trạng thái; lặp lại được.", WorkState)
_DEADLINE = Parameter("deadline", Kind.CHOICES, "Nhóm thời hạn; lặp lại được.", DeadlineClass)
_SINCE = Parameter(
    "updated_since",
    Kind.MOMENT,
    "Chỉ những gì đổi từ lúc này (ISO 8601; không có múi giờ là giờ Việt Nam).",
)
ADDRESSES: Mapping[str, tuple[Parameter, ...]] = {
    "plans": PAGING,
    "tasks": (
        *PAGING,
        Parameter("q", Kind.WORDS, "Chữ cần có, không phân biệt dấu."),
        _PLAN,
        _AGENCY,
        _SECTION,
        _STATE,
        _DEADLINE,
        Parameter("phase", Kind.CHOICE, "Giai đoạn của nhiệm vụ.", Phase),
        _SINCE,
    ),
    "assignments": (
        *PAGING,
        Parameter("task", Kind.NUMBER, "Số (id) của nhiệm vụ."),
        _PLAN,
        _AGENCY,
        _SECTION,
        _STATE,
        _DEADLINE,
        Parameter("role", Kind.CHOICES, "Vai trò; lặp lại được.", AssignmentRole),
        _SINCE,
    ),
    "counters": (
        _AGENCY,
        Parameter("on", Kind.DAY, "Ngày đã qua; chỉ với khóa của cơ quan điều phối."),
    ),
    "periods": (
        *PAGING,
        _PLAN,
        _AGENCY,
        Parameter("state", Kind.CHOICES, "Tình trạng; lặp lại được.", Standing),
        Parameter("due_from", Kind.DAY, "Hạn nộp từ ngày này."),
        Parameter("due_until", Kind.DAY, "Hạn nộp đến hết ngày này."),
    ),
}
"""The parameters of each list."""


class Code(StrEnum):
    """What is wrong, for programs."""

    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD = "method_not_allowed"
    BAD_PARAMETER = "bad_parameter"
    TOO_MANY = "too_many_requests"
    FAILED = "failed"


class BadParameter(Exception):
    """A parameter that means nothing: its name, and a sentence about it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name, self.message = name, message


@dataclass(frozen=True)
class Asked:
    """The parameters of a request that were given, read; `page` and `per_page` always are."""

    values: Mapping[str, Any]
    page: int
    per_page: int

    def __getitem__(self, name: str) -> Any:
        """What was given, None where nothing was; () for code names that may be repeated."""
        return self.values.get(name)


def read(address: str, pairs: Iterable[tuple[str, str]]) -> Asked:
    """The parameters of an address. Raises BadParameter for an unknown one, or one without meaning: a
    program that believes itself filtered must not get everything."""
    known = {each.name: each for each in ADDRESSES[address]}
    found: dict[str, Any] = {name: () for name, each in known.items() if each.kind is Kind.CHOICES}
    for name, written in pairs:
        if name not in known:
            raise BadParameter(name, f"Không có tham số “{name}”; có: {', '.join(known)}.")
        value = _value(known[name], written.strip())
        if known[name].kind is Kind.CHOICES:
            found[name] = (*found[name], value)
        elif name in found:
            raise BadParameter(name, f"Tham số “{name}” chỉ được ghi một lần.")
        else:
            found[name] = value
    return Asked(found, found.get("page", 1), found.get("per_page", PER_PAGE))


def _value(parameter: Parameter, written: str) -> Any:
    try:
        if parameter.kind is Kind.NUMBER:
            return _number(parameter, written)
        if parameter.kind is Kind.DAY:
            return date.fromisoformat(written)
        if parameter.kind is Kind.MOMENT:
            return _moment(written)
        return parameter.values(written) if parameter.values else written[:200]
    except (ValueError, OverflowError):
        raise BadParameter(parameter.name, _fault(parameter)) from None


def _number(parameter: Parameter, written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) <= 10):
        raise ValueError(written)
    if not parameter.low <= int(written) <= parameter.high:
        raise ValueError(written)
    return int(written)


def _moment(written: str) -> datetime:
    """A moment in UTC; one without a zone is the office's. A plus that an address turned into a blank is
    taken for one."""
    found = datetime.fromisoformat(written.replace(" ", "+") if "T" in written else written)
    if found.tzinfo is None:
        found = found.replace(tzinfo=OFFICE_ZONE)
    if not timedelta(days=366) < found - datetime.min.replace(tzinfo=UTC):
        raise ValueError(written)
    return found.astimezone(UTC)


def _fault(parameter: Parameter) -> str:
    name = parameter.name
    if parameter.kind is Kind.NUMBER:
        return f"“{name}” phải là số nguyên từ {parameter.low} đến {parameter.high}."
    if parameter.kind is Kind.DAY:
        return f"“{name}” phải là một ngày có thật, dạng 2024-11-14."
    if parameter.kind is Kind.MOMENT:
        return f"“{name}” phải là một thời điểm, dạng 2024-11-14T08:00:00+07:00."
    return f"“{name}” phải là một trong: {', '.join(values_of(parameter))}."


def values_of(parameter: Parameter) -> Sequence[str]:
    """The code names that a parameter takes."""
    return [each.value for each in parameter.values or ()]

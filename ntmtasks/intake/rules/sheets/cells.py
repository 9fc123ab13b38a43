"""What single cells say: agencies, deadlines, days, percents, states."""

import re
from datetime import date, timedelta

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold, nfc
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.naming import is_anybody, split_names
from ntmtasks.intake.rules.parts import AgencyMention, DeadlineReading, Role
from ntmtasks.intake.rules.sheets.parts import STATE_WORDS, Cell, State

_EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, with their leap year 1900
_SERIALS = range(36526, 73415)  # 2000 to 2100
_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_SHORT = re.compile(r"\d{1,2}\s*[/-]\s*\d{1,2}")
_MONTH = re.compile(r"\d{1,2}\s*[/-]\s*\d{4}")
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%?)")
_STATES: dict[str, str] = {
    word: state
    for state, words in {
        "assigned": "chua thuc hien|chua trien khai|chua bat dau|chua lam|moi giao|chua phan cong",
        "open": "chua hoan thanh|chua xong|trong han|qua han|sap den han|cham tien do|dung tien do",
        "in_progress": "dang thuc hien|dang trien khai|dang lam|dang tien hanh|dang xu ly",
        "submitted": "cho xac nhan|da bao cao|bao cao hoan thanh|cho duyet|cho phe duyet",
        "returned": "tra lai|tra lai thuc hien lai|thuc hien lai|lam lai",
        "done": "hoan thanh|da hoan thanh|xong|da xong|da thuc hien|da thuc hien xong|"
        "hoan thanh dung han|hoan thanh truoc han|da hoan thanh dung han",
        "late": "hoan thanh qua han|hoan thanh tre han|hoan thanh cham|hoan thanh cham han|"
        "da hoan thanh qua han|hoan thanh tre",
    }.items()
    for word in words.split("|")
}


class Bad(Exception):
    """A cell that cannot be taken over; the message is what is wrong, in Vietnamese."""


def text_of(cell: Cell) -> str:
    """Return a cell as people see it: whole numbers without a point, days as dd/mm/yyyy."""
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return nfc(str(cell)).strip() if cell is not None else ""


def agencies(cell: Cell, role: Role, directory: Directory) -> tuple[AgencyMention, ...]:
    """Return the agencies of a cell, every one known to the directory; raises Bad.

    Words for anybody ("các đơn vị liên quan") give no supporting agency and are no lead.
    """
    written = re.sub(r"\s*\n\s*[-+•]?\s*", "; ", text_of(cell)).strip(" ;-+•")
    found: list[AgencyMention] = []
    for name in split_names(written, directory) if written else ():
        known = directory.match(name)
        if known:
            found.append(AgencyMention(name, role, known))
        elif not (role == "supporting" and is_anybody(name)):
            raise Bad(f"Không có cơ quan “{name}” trong danh mục.")
    return tuple(found)


def day(cell: Cell) -> date | None:
    """Return the day that a cell gives, None for an empty one; raises Bad."""
    if cell is None or isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        if int(cell) in _SERIALS:
            return _EPOCH + timedelta(days=int(cell))
        raise Bad("Không phải ngày; hãy ghi dạng ngày/tháng/năm.")
    found = _DAY.fullmatch(cell.strip())
    if not found:
        raise Bad("Không phải ngày; hãy ghi dạng ngày/tháng/năm.")
    return _real_day(found)


def deadline(cell: Cell, year: int) -> DeadlineReading | None:
    """Return the deadline that a cell gives, None for an empty one; raises Bad.

    A day, a month, or any phrase of plans ("Quý IV/2024", "hằng tháng"); an event stays text.
    """
    if cell is None or cell == "":
        return None
    if isinstance(cell, int | float) and 2000 <= cell <= 2100:
        cell = f"năm {int(cell)}"
    if isinstance(cell, int | float | date):
        due = day(cell)
        return DeadlineReading(text_of(due), due, None, "explicit")
    written = text_of(cell)
    whole = f"{written}/{year}" if _SHORT.fullmatch(written) else written
    if found := _DAY.fullmatch(whole):
        return DeadlineReading(written, _real_day(found), None, "explicit")
    reading = read_phrase(f"tháng {written}" if _MONTH.fullmatch(written) else written, year)
    if reading.due_on is None and (
        reading.basis == "explicit" or (reading.basis == "event" and re.search(r"\d", written))
    ):
        raise Bad("Không đọc được thời hạn; hãy ghi ngày/tháng/năm, tháng, quý hoặc năm.")
    return reading


def _real_day(found: re.Match[str]) -> date:
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    try:
        return date(year, int(found[2]), int(found[1]))
    except ValueError:
        raise Bad("Không có ngày này trong lịch.") from None


def percent(cell: Cell, are_fractions: bool) -> int | None:
    """Return 0 to 100, None for an empty cell; raises Bad.

    `are_fractions`: no number of the column passes 1, as cells in the format "%" are kept.
    """
    if cell is None or cell == "":
        return None
    value, is_marked = _number(cell)
    if not is_marked and (are_fractions or 0 < value < 1):
        value *= 100
    if not 0 <= value <= 100:
        raise Bad("Tiến độ là số từ 0 đến 100.")
    return round(value)


def is_number(cell: Cell) -> bool:
    """Tell whether a cell holds a number, with or without the sign %."""
    if isinstance(cell, str):
        return _PERCENT.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float)


def exceeds_one(cell: Cell) -> bool:
    """Tell whether a cell holds a number over 1, or one with the sign %."""
    if not is_number(cell):
        return False
    value, is_marked = _number(cell)
    return value > 1 or is_marked


def _number(cell: Cell) -> tuple[float, bool]:
    if isinstance(cell, int | float):
        return float(cell), False
    found = _PERCENT.fullmatch(str(cell).strip())
    if not found:
        raise Bad("Tiến độ là số từ 0 đến 100.")
    return float(found[1].replace(",", ".")), bool(found[2])


def state(cell: Cell, done: int | None) -> tuple[State, bool]:
    """Return the state that a cell gives, and whether it says that it came late; raises Bad.

    `done` is the percent beside it, which decides where the cell is empty or only says "not yet".
    """
    word = re.sub(r"[\W_]+", " ", fold(text_of(cell))).strip()
    named = _STATES.get(word, "") if word else "open"
    if not named:
        known = ", ".join(STATE_WORDS.values())
        raise Bad(f"Không hiểu trạng thái này; hãy dùng: {known}.")
    if named == "open":
        if done == 100 and not word:
            return "done", False
        named = "in_progress" if done else "assigned"
    if (named == "assigned" and done) or (named in ("done", "late") and done not in (None, 100)):
        raise Bad(f"Trạng thái không khớp với tiến độ {done} %.")
    plain: dict[str, State] = {
        "assigned": "assigned",
        "in_progress": "in_progress",
        "submitted": "submitted",
        "returned": "returned",
    }
    return plain.get(named, "done"), named == "late"

"""Findings that compare parts of a plan: body and annex, duties and recipients, routes, names."""

import re
from collections.abc import Iterator
from itertools import islice

from ntmtasks.agencies.rules import AgencyKind, Directory, name_key
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.duties import name_phrase
from ntmtasks.intake.rules.naming import split_names
from ntmtasks.intake.rules.parts import CommuneReading, Finding, ItemReading, PlanReading, Severity

_LEVELS = {"advanced": "nâng cao", "model": "kiểu mẫu"}
_COUNTED = re.compile(
    r"(?P<n>\d{1,3}) xã(?: đạt chuẩn)? nông thôn mới (?P<level>nâng cao|kiểu mẫu)"
)
_STRIVING = re.compile(r"phấn đấu[^.;,(]*$")
_AREAS = re.compile(r"(?P<n>\d{1,3}) (?P<what>xã|huyện)(?P<rest>[^.;]*)")


def area_findings(reading: PlanReading) -> Iterator[Finding]:
    """Numbers of communes in the text against the annex; areas that nothing names."""
    for item in reading.items:
        if item.kind in ("task", "target"):
            yield from _against_annex(item, reading.communes)
            yield from _unnamed(item, reading.communes)


def _against_annex(item: ItemReading, communes: tuple[CommuneReading, ...]) -> Iterator[Finding]:
    for m in _COUNTED.finditer(item.text):
        level = "model" if m["level"] == "kiểu mẫu" else "advanced"
        listed = [c for c in communes if c.level == level]
        if not listed or _STRIVING.search(item.text[: m.start()]):
            continue
        registered = sum(c.commitment == "registered" for c in listed)
        striving = [c.commune for c in listed if c.commitment == "striving"]
        if int(m["n"]) != registered:
            message = (
                f"Nội dung ghi {m['n']} xã {_LEVELS[level]}, phụ lục có {registered} xã đăng ký"
                + (f" và {len(striving)} xã phấn đấu ({', '.join(striving)})" if striving else "")
                + "."
            )
            remedy = (
                "Thống nhất số giữa nội dung và phụ lục: tính chỉ tiêu theo số đăng ký, theo dõi "
                "riêng số phấn đấu."
            )
            yield Finding("body_annex_mismatch", "error", message, remedy, m.group(), item.path)
        elif striving and "phấn đấu" not in item.text:
            message = (
                f"Mục {item.path} chỉ nói {registered} xã {_LEVELS[level]} đăng ký, bỏ qua "
                f"{len(striving)} xã phấn đấu trong phụ lục ({', '.join(striving)})."
            )
            remedy = f"Theo dõi cả {', '.join(striving)} ở mục này, ghi rõ là phấn đấu."
            yield Finding("body_annex_mismatch", "warning", message, remedy, m.group(), item.path)


def _unnamed(item: ItemReading, communes: tuple[CommuneReading, ...]) -> Iterator[Finding]:
    """Areas of a target that are counted but named neither beside it nor in the annex."""
    if item.kind != "target":
        return
    for m in _AREAS.finditer(item.text):
        folded = fold(m["rest"])
        level = "model" if "kieu mau" in folded else "advanced" if "nang cao" in folded else ""
        in_annex = m["what"] == "xã" and any(c.level == level for c in communes)
        if in_annex or re.search(r"\([^)]*(huyện|xã) [A-ZĐ]", m["rest"]):
            continue
        if item.text[: m.start()].count("(") > item.text[: m.start()].count(")"):
            continue  # "(huyện Vĩnh Thạnh 02 xã; …)" is the naming itself
        strives = _STRIVING.search(item.text[: m.start()]) is not None
        message = f"Nêu {m['n']} {m['what']} nhưng không kể tên và không có trong phụ lục."
        severity: Severity = "warning" if strives else "info"
        remedy = f"Đề nghị kể tên từng {m['what']} để giao việc và theo dõi theo địa bàn."
        yield Finding("unnamed_area", severity, message, remedy, m.group().strip(), item.path)


def recipient_findings(reading: PlanReading, directory: Directory) -> Iterator[Finding]:
    """Agencies with duties that do not get the plan ("Nơi nhận")."""
    if not reading.recipients:
        return
    reached = _reached(reading, directory)
    told: set[str] = set()
    addressed = _addressed_sections(reading)
    for item in reading.tasks:
        if item.path.partition(".")[0] in addressed:
            continue
        for name, quote in _duties(item, directory):
            members = directory.members_of(name) or (name,)
            if name in told or name in reached or set(members) <= reached:
                continue
            told.add(name)
            message = f"{name} có việc ở mục {item.path} nhưng không có trong Nơi nhận."
            remedy = f"Gửi kế hoạch cho {name} hoặc đề nghị bổ sung vào Nơi nhận."
            yield Finding("no_recipient", "warning", message, remedy, quote, item.path)


def _addressed_sections(reading: PlanReading) -> set[str]:
    """Return the sections whose bodies get the plan by a line such as "- Mục IV;"."""
    found = (re.match(r"(?:Như )?[Mm]ục ([IVX]+)\b", r) for r in reading.recipients)
    return {m[1] for m in found if m}


def _reached(reading: PlanReading, directory: Directory) -> set[str]:
    reached: set[str] = set()
    for recipient in reading.recipients:
        if re.match(r"(?:các )?sở(?:,? ban)?,? (?:ngành|cơ quan)", recipient.lower()):
            # However the line goes on, all departments and what groups with them get the plan.
            groups = [g for g in directory.groups if fold(g.name).startswith("cac so")]
            reached |= {n for g in groups for n in (g.name, *g.members)}
        for written in (recipient, *split_names(recipient, directory)):
            name = directory.match(re.sub(r"\(.*?\)", "", written))
            if name:
                reached |= {name, *directory.members_of(name)}
    return reached


def _duties(item: ItemReading, directory: Directory) -> Iterator[tuple[str, str]]:
    """Yield (short name, written name) of all who have a part in an item.

    Media are looked for in the text itself: "Đăng truyền thông trên Báo Cần Thơ" gives no duty
    in words, but nothing happens unless the paper knows.
    """
    for mention in item.agencies:
        if mention.agency:
            yield mention.agency, mention.name
    for agency in directory.agencies:
        if agency.kind is AgencyKind.MEDIA:
            for name in (agency.name, *agency.aliases):
                if m := re.search(re.escape(name), item.text, re.I):
                    yield agency.short_name, m.group()


_TROUBLE = re.compile(r"khó khăn|vướng mắc|phát sinh")
_TO = re.compile(
    r"(?:phản ánh|báo cáo|gửi|tham mưu|kiến nghị)(?: kịp thời)?(?: về| cho| đến| với)?\s+"
)


def route_findings(reading: PlanReading, directory: Directory) -> Iterator[Finding]:
    """Difficulties, or the same report, that go to two different places."""
    routes = [(i, to) for i in reading.items if (to := _route(i))]
    closing = next(((i, to) for i, to in routes if i.kind == "closing"), None)
    for item, to in routes:
        if closing and item.kind == "task" and _differs(to, closing[1], directory):
            message = (
                f"Hai đường xử lý khó khăn, vướng mắc: mục này qua “{to}”, đoạn kết qua "
                f"“{closing[1]}”."
            )
            remedy = (
                f"Chốt một đầu mối nhận phản ánh ({closing[1]} hay {to}) và báo cho các cơ quan."
            )
            yield Finding("two_routes", "warning", message, remedy, to, item.path)
    yield from _two_reports(reading)


def _route(item: ItemReading) -> str:
    """Return to whom a sentence about difficulties sends them, "" without one."""
    trouble = _TROUBLE.search(item.text)
    if not trouble or "ho tro" in fold(item.text[: trouble.start()]):
        return ""
    if item.kind == "task" and "bao cao" not in fold(item.text):
        return ""
    for m in _TO.finditer(item.text):
        phrase = name_phrase(item.text, m.end())
        if phrase and not phrase.startswith("Trung ương"):
            return phrase
    return ""


def _differs(one: str, other: str, directory: Directory) -> bool:
    a, b = directory.match(one) or name_key(one), directory.match(other) or name_key(other)
    return a != b


def _two_reports(reading: PlanReading) -> Iterator[Finding]:
    """The same periods asked of the same agency by two items: one report, two recipients."""
    seen: dict[tuple[object, ...], ItemReading] = {}
    for item in reading.tasks:
        recurrence = (item.deadline.recurrence if item.deadline else None) or ()
        who = tuple(a.name for a in item.agencies if a.role == "lead")
        if len(recurrence) < 2 or not who or "bao cao" not in fold(item.text):
            continue
        first = seen.setdefault((who, recurrence), item)
        if first is not item:
            message = (
                f"Mục {first.path} và mục {item.path} đòi cùng một kỳ báo cáo nhưng gửi hai nơi."
            )
            remedy = "Lập một kỳ báo cáo với hai nơi nhận, cơ quan chỉ làm một lần."
            quote = item.deadline.text if item.deadline else item.text
            yield Finding("two_routes", "warning", message, remedy, quote, item.path)


_NAME_HEADS = re.compile(r"(?:Văn phòng|Sở|Ủy ban|UBMTTQ|UBND|Ban|Đài|Báo|Hội|Cục|VP)\s")
_ENOUGH = 2000  # mentions; a text with more of them is no plan, and each one costs


def alias_findings(reading: PlanReading, directory: Directory) -> Iterator[Finding]:
    """One agency under several names in the same document."""
    names: dict[str, dict[str, tuple[str, str]]] = {}
    for name, written, path in islice(_mentions(reading, directory), _ENOUGH):
        if name:
            names.setdefault(name, {}).setdefault(name_key(written), (written, path))
    for name, forms in names.items():
        if len(forms) > 1:
            listed = "; ".join(f"“{written}”" for written, _ in forms.values())
            message = f"{name} được viết theo {len(forms)} cách: {listed}."
            last = list(forms.values())[-1]
            remedy = (
                "Dùng thống nhất một tên; ghi các cách viết còn lại làm tên khác trong danh mục."
            )
            yield Finding("alias", "info", message, remedy, last[0], last[1])


def _mentions(reading: PlanReading, directory: Directory) -> Iterator[tuple[str | None, str, str]]:
    """Yield (agency or None, written name, path) for whatever begins like a body's name."""
    for clause in reading.clauses:
        if clause.kind == "other":
            continue
        for m in _NAME_HEADS.finditer(clause.text):
            yield *_longest_name(clause.text[m.start() : m.start() + 160], directory), clause.path


def _longest_name(text: str, directory: Directory) -> tuple[str | None, str]:
    """Return the agency that the longest run of words at the beginning means, and the run."""
    words = text.split()[:18]
    longest = directory.longest_agency(" ".join(words))
    if longest is None:
        return None, ""
    return longest[0], " ".join(words[: longest[1]]).rstrip(",;.:")

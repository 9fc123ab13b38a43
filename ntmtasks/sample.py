"""The sample instance: plan 108/KH-UBND of Cần Thơ, its agencies, people, and activity made by this
program, which every text of it says ("dữ liệu mẫu").

It is made by the same verbs that people use, on the days on which they would have used them, so that
spans, history and periods are as real as they get.
"""

import json
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ntmtasks import paths
from ntmtasks.accounts import service as people
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.queries.recipients import addresses
from ntmtasks.accounts.rules import Role
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies import service as agencies_service
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, settings, slots
from ntmtasks.core.access import require
from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.core.web import safe_next
from ntmtasks.escalations.rules import Route
from ntmtasks.escalations.service import raising as escalations
from ntmtasks.history import service as history
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.service import importing, issuing
from ntmtasks.outbox import service as outbox
from ntmtasks.plans.models import Plan
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.queries import occurrences
from ntmtasks.progress.queries.occurrences import Slot
from ntmtasks.progress.service import (
    commenting,
    deciding,
    directing,
    explaining,
    extending,
    occurring,
    posting,
    urging,
)
from ntmtasks.reminders import service as reminders
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.service.composing import Typed, TypedFigure, TypedText, send
from ntmtasks.reports.service.deciding import accept
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import WorkState
from ntmtasks.tasks.service import changes
from ntmtasks.workdays import service as workdays

bp = Blueprint("sample", __name__)
SAMPLE_DAY = date(2024, 11, 14)
ISSUED_ON = date(2024, 5, 27)
PLAN_FILE = "108-kh-ubnd.txt"
PASSWORD_FILE = "sample_password"
MARK = "(dữ liệu mẫu)"
MISSING_OCTOBER = ("UBND huyện Thới Lai", "UBND huyện Cờ Đỏ")
OCTOBER_DUE = date(2024, 10, 18)
TAKEN_AFTER = timedelta(days=2)

ACCOUNTS: tuple[tuple[str, str, str, Role, str], ...] = (
    ("chuyenvien", "Nguyễn Thị Lan", "Chuyên viên", Role.OFFICER, "Sở NN&PTNT"),
    ("daumoi", "Trần Văn Hòa", "Trưởng phòng", Role.FOCAL_POINT, "Sở NN&PTNT"),
    ("vhttdl", "Lê Minh Châu", "Chuyên viên", Role.OFFICER, "Sở VHTTDL"),
    ("thoilai", "Phạm Quốc Dũng", "Phó Chánh Văn phòng", Role.FOCAL_POINT, "UBND huyện Thới Lai"),
    ("dieuphoi", "Đặng Thu Phương", "Phó Chánh Văn phòng", Role.COORDINATOR, "VP Điều phối NTM"),
    ("lanhdao", "Võ Thanh Sơn", "Phó Chủ tịch", Role.CITY_LEADER, "UBND thành phố"),
    ("admin", "Quản trị hệ thống", "", Role.ADMIN, "VP Điều phối NTM"),
)
"""Username, name, title, role, agency. The names are invented."""

CORRESPONDENTS: tuple[tuple[str, str, str], ...] = (
    ("mau.khdt", "Huỳnh Gia Bảo", "Sở KH&ĐT"),
    ("mau.tnmt", "Lý Hoài An", "Sở TN&MT"),
    ("mau.yte", "Bùi Ngọc Diệp", "Sở Y tế"),
    ("mau.tttt", "Mai Đức Thịnh", "Sở TT&TT"),
    ("mau.tuphap", "Cao Mỹ Linh", "Sở Tư pháp"),
    ("mau.thidua", "Tô Hải Yến", "Ban Thi đua - Khen thưởng"),
    ("mau.congan", "Vũ Đình Khang", "Công an thành phố"),
    ("mau.phunu", "Đỗ Kim Ngân", "Hội LHPN"),
    ("mau.phongdien", "Lâm Tấn Phát", "UBND huyện Phong Điền"),
    ("mau.codo", "Hồ Bích Trâm", "UBND huyện Cờ Đỏ"),
    ("mau.vinhthanh", "Ngô Nhật Minh", "UBND huyện Vĩnh Thạnh"),
)
"""Focal points whose activity the sample shows; nobody signs in as them."""

DEADLINES: tuple[tuple[str, str, date], ...] = (
    ("III.1.c", "Sở NN&PTNT", date(2024, 6, 30)),  # 137 days late: > 120
    ("III.4.a.-1", "Sở NN&PTNT", date(2024, 9, 30)),  # 45 days late: 31–120
    ("III.7.-1", "Sở VHTTDL", date(2024, 10, 25)),  # 20 days late: 8–30
    ("IV.5.-1", "UBND huyện Thới Lai", date(2024, 11, 10)),  # 4 days late: 1–7
    ("III.6.-1", "Sở TN&MT", date(2024, 11, 8)),  # 6 days late: 1–7
    ("III.4.a.-2", "Sở NN&PTNT", SAMPLE_DAY),  # due today
    ("III.2.b", "Sở TT&TT", date(2024, 11, 16)),  # due soon
    ("III.4.c", "Sở NN&PTNT", date(2024, 11, 17)),  # due soon
    ("III.7.-2", "Sở Y tế", date(2024, 9, 15)),  # done late
    ("III.2.đ", "Ban Thi đua - Khen thưởng", date(2024, 8, 30)),  # done late
)
"""Path, agency, deadline set by hand before the summer."""

DONE: tuple[tuple[str, str, date], ...] = (
    ("III.3", "VP Điều phối NTM", date(2024, 5, 28)),
    ("III.4.b", "Sở NN&PTNT", date(2024, 9, 12)),
    ("III.7.-4", "Sở Tư pháp", date(2024, 8, 20)),
    ("III.2.e", "Sở TT&TT", date(2024, 7, 18)),
    ("IV.5.-2", "UBND huyện Thới Lai", date(2024, 8, 6)),
    ("III.7.-2", "Sở Y tế", date(2024, 9, 24)),
    ("III.2.đ", "Ban Thi đua - Khen thưởng", date(2024, 9, 4)),
)
"""Path, agency, day of submission: five on time, two late."""

SUBMITTED: tuple[tuple[str, str, date], ...] = (
    ("III.2.a", "VP Điều phối NTM", date(2024, 11, 6)),
    ("III.9.a.-1", "Sở KH&ĐT", date(2024, 11, 11)),
    ("IV.4.-1", "Hội LHPN", date(2024, 11, 12)),
)
NEWS_OF = ("III.2.c", "Sở TT&TT")
"""The weekly item in the evening news, each Monday from 27/05 to 30/12/2024."""
NEWS_UNTIL = date(2024, 11, 4)
"""The Monday after it passed without a word."""
NEWS_MOVED = (date(2024, 9, 2), date(2024, 9, 4))
NEWS_NOT_HELD = date(2024, 10, 7)
NEWS: tuple[tuple[str, str], ...] = (
    ("Trường Xuân", "Người dân hiến đất mở rộng đường liên ấp"),
    ("Thạnh Quới", "Cánh đồng lớn liên kết tiêu thụ lúa"),
    ("Trung Hưng", "Ấp thông minh: nộp hồ sơ qua mạng tại nhà"),
    ("", "Kết quả thực hiện Chương trình quý gần nhất"),
    ("Tân Thới", "Vườn cây ăn trái gắn với du lịch"),
    ("Thới Thạnh", "Tuyến đường hoa do phụ nữ chăm sóc"),
    ("Thạnh Mỹ", "Trường đạt chuẩn quốc gia mức độ 2"),
    ("Nhơn Ái", "Sản phẩm OCOP của hợp tác xã"),
)
"""Commune ('' = none) and topic, in turn."""
RETURNED = ("III.7.-3", "Công an thành phố", date(2024, 10, 30), date(2024, 11, 4))
RUNNING: tuple[tuple[str, str, int, date], ...] = (
    ("III.1.c", "Sở NN&PTNT", 60, date(2024, 10, 2)),
    ("III.4.a.-1", "Sở NN&PTNT", 80, date(2024, 11, 5)),
    ("III.7.-1", "Sở VHTTDL", 50, date(2024, 10, 21)),
    ("III.4.c", "Sở NN&PTNT", 70, date(2024, 11, 7)),
    ("IV.5.-1", "UBND huyện Thới Lai", 90, date(2024, 11, 8)),
    ("III.6.-1", "Sở TN&MT", 40, date(2024, 10, 15)),
)


def is_empty() -> bool:
    """Whether the database holds no people yet."""
    return db.session.scalar(select(User.id).limit(1)) is None


def password() -> str | None:
    """The password of all sample accounts, or None where this is no sample."""
    file = config().instance / PASSWORD_FILE
    return file.read_text().strip() if file.is_file() else None


def build(app: Flask, progress: Callable[[str], object] = print) -> None:
    """Fill a migrated, empty database; `progress` is told each step as a line."""
    with app.app_context(), transaction():
        clock.freeze(ISSUED_ON)
        progress("Danh mục: 34 cơ quan, nhóm, xã; ngày nghỉ")
        data = json.loads((paths.DATA / "can_tho_2024.json").read_text())
        agencies_service.load_directory(data)
        for year in (2024, 2025):
            workdays.fill_year(year)
        _accounts()
        progress("Kế hoạch 108/KH-UBND: đọc và giao việc")
        plan = _plan()
        progress("Hoạt động mẫu")
        _activity(plan)
        _reports()
        clock.freeze(SAMPLE_DAY)
        outbox.record_as_sent(addresses)
        settings.store(settings.SAMPLE_DATE, SAMPLE_DAY.isoformat())
        # The morning of the first day counts as done: a newcomer finds no mail waiting.
        slots.claim(slots.REMINDERS, SAMPLE_DAY.isoformat())
        clock.freeze(None)


def _accounts() -> None:
    known = agencies.by_short_name()
    config().instance.mkdir(parents=True, exist_ok=True)
    file = config().instance / PASSWORD_FILE
    file.write_text(secrets.token_urlsafe(9))
    file.chmod(0o600)
    for username, name, title, role, agency in ACCOUNTS:
        people.add_user(
            None,
            username,
            name,
            role,
            known[agency],
            title=title,
            phone="0292 3 000 000",
            email=f"{username}@example.invalid",
            password=password(),
        )
    for username, name, agency in CORRESPONDENTS:
        people.add_user(
            None,
            username,
            name,
            Role.FOCAL_POINT,
            known[agency],
            title=f"Đầu mối {MARK}",
            email=f"{username}@example.invalid",
            password="",
        )


def _person(username: str) -> User:
    user = accounts.user_by_name(username)
    if user is None:
        raise LookupError(f"no sample account {username!r}")
    return user


def _plan() -> Plan:
    source = (paths.DATA / PLAN_FILE).read_bytes()
    reading = read_plan(source.decode(), agencies.directory(), 2024)
    coordinator = _person("dieuphoi")
    plan = importing.import_plan(coordinator, reading, source, Path(PLAN_FILE).name, 2024)
    issuing.issue_plan(coordinator, plan)
    return plan


def _activity(plan: Plan) -> None:
    """All acts in the order of their days: time in the record never runs backwards."""
    by_key = {
        (task.path, a.agency.short_name): a
        for task in db.session.scalars(select(Task).where(Task.plan_id == plan.id))
        for a in task.assignments
    }
    coordinator, leader = _person("dieuphoi"), _person("lanhdao")
    acts: list[tuple[date, Callable[[], object]]] = []
    for path, agency, day in DEADLINES:
        acts.append((ISSUED_ON, _deadline(coordinator, by_key[path, agency], day)))
    for path, agency, percent, day in RUNNING:
        acts.append((day, _progress(by_key[path, agency], WorkState.IN_PROGRESS, percent)))
    for path, agency, day in (*DONE, *SUBMITTED):
        acts.append((day, _progress(by_key[path, agency], WorkState.SUBMITTED, 100)))
    for path, agency, day in DONE:
        decider = leader if agency == "VP Điều phối NTM" else coordinator
        acts.append((day.replace(day=day.day + 2), _confirm(decider, by_key[path, agency])))
    path, agency, submitted, returned = RETURNED
    acts.append((submitted, _progress(by_key[path, agency], WorkState.SUBMITTED, 100)))
    acts.append((returned, _return(coordinator, by_key[path, agency])))
    acts.append((date(2024, 11, 6), _comment(coordinator, by_key["III.4.a.-1", "Sở NN&PTNT"])))
    acts.append((date(2024, 10, 21), _difficulty(by_key["IV.5.-1", "UBND huyện Thới Lai"])))
    acts += _news(by_key[NEWS_OF])
    acts += _asks(coordinator, leader, by_key)
    for day, act in sorted(acts, key=lambda each: each[0]):
        clock.freeze(day)
        act()


def _news(assignment: Assignment) -> list[tuple[date, Callable[[], object]]]:
    """Mondays in the news with topic and commune: one moved for a holiday, one not held."""
    actor, acts = _speaker(assignment.agency), list[tuple[date, Callable[[], object]]]()
    communes = {c.name: c for district in agencies.districts() for c in district.communes}
    (series,) = occurrences.series_of(assignment.task_id, ISSUED_ON)

    def hold(slot: Slot, number: int) -> Callable[[], object]:
        commune, topic = NEWS[number % len(NEWS)]
        link = f"https://example.invalid/ban-tin/{slot.occurrence.day}" if number % 2 else ""
        held = occurring.Held(f"{topic} {MARK}", communes.get(commune), link)
        return lambda: occurring.record_held(actor, slot, held, occurring.Seen())

    def move(slot: Slot, to: date) -> Callable[[], object]:
        reason = f"Ngày nghỉ lễ, không có bản tin {MARK}"
        return lambda: occurring.move(actor, slot, to, reason, occurring.Seen())

    def leave_out(slot: Slot) -> Callable[[], object]:
        reason = f"Đài truyền hình trực tiếp, không có bản tin {MARK}"
        return lambda: occurring.record_not_held(actor, slot, reason, occurring.Seen())

    for number, slot in enumerate(series.slots):
        day = slot.occurrence.day
        if day > NEWS_UNTIL:
            break
        if day == NEWS_NOT_HELD:
            acts.append((day, leave_out(slot)))
            continue
        if day == NEWS_MOVED[0]:
            acts.append((date(2024, 8, 29), move(slot, NEWS_MOVED[1])))
            day = NEWS_MOVED[1]
        acts.append((day, hold(slot, number)))
    return acts


def _asks(
    coordinator: User, leader: User, by_key: dict[tuple[str, str], Assignment]
) -> list[tuple[date, Callable[[], object]]]:
    """More time asked for, two explanations (one given), a directive, a push."""
    officer, focal_point = _person("chuyenvien"), _person("daumoi")
    oldest, model, soon = (by_key[p, "Sở NN&PTNT"] for p in ("III.1.c", "III.4.a.-1", "III.4.c"))
    culture, environment = by_key["III.7.-1", "Sở VHTTDL"], by_key["III.6.-1", "Sở TN&MT"]
    wish = extending.Wish(date(2024, 11, 29), f"Chờ kết quả nghiệm thu của hai huyện {MARK}.")
    order = f"Tập trung hoàn thành trong tháng 11, báo cáo kết quả {MARK}."
    question, other = (
        f"Nêu lý do chậm và thời gian hoàn thành {MARK}.",
        f"Báo cáo nguyên nhân chậm {MARK}.",
    )
    reply = f"Chưa bố trí đủ kinh phí lớp học; sẽ xong trong tháng 11 {MARK}."

    def explain() -> None:
        asked = db.session.scalars(select(ExplanationRequest).order_by(ExplanationRequest.id))
        explaining.answer(focal_point, asked.one(), reply)

    def ask(actor: User, late: Assignment, text: str, until: date) -> Callable[[], object]:
        return lambda: explaining.demand(actor, late, text, until)

    return [
        (date(2024, 11, 7), lambda: directing.direct(leader, model.task, order)),
        (date(2024, 11, 7), ask(coordinator, oldest, question, date(2024, 11, 12))),
        (date(2024, 11, 8), explain),
        (date(2024, 11, 11), ask(leader, culture, other, date(2024, 11, 13))),
        (date(2024, 11, 11), lambda: _urge(coordinator, environment)),
        (date(2024, 11, 12), lambda: extending.ask_extension(officer, soon, wish)),
    ]


def _urge(actor: User, assignment: Assignment) -> None:
    urging.urge(actor, [assignment], f"Đề nghị cập nhật tiến độ và vướng mắc, nếu có {MARK}.")


def _deadline(actor: User, assignment: Assignment, day: date) -> Callable[[], object]:
    return lambda: changes.change_deadline(
        actor, assignment, day, f"Văn phòng Điều phối ấn định {MARK}"
    )


def _progress(assignment: Assignment, state: WorkState, percent: int) -> Callable[[], object]:
    done = state is WorkState.SUBMITTED
    text = "Đã hoàn thành, có văn bản kèm theo" if done else f"Đã thực hiện {percent} % khối lượng"
    return lambda: posting.post_progress(
        _speaker(assignment.agency), assignment, state, percent, f"{text} {MARK}."
    )


def _speaker(agency: Agency) -> User:
    """Whoever speaks for the agency: its focal point, else its officer."""
    found = [u for u in accounts.officers_of(agency.id) if u.role is not Role.OFFICER]
    return (found or list(accounts.officers_of(agency.id)))[0]


def _confirm(actor: User, assignment: Assignment) -> Callable[[], object]:
    return lambda: deciding.confirm(actor, assignment)


def _return(actor: User, assignment: Assignment) -> Callable[[], object]:
    return lambda: deciding.return_for_rework(
        actor, assignment, f"Chưa có số liệu theo từng xã {MARK}"
    )


def _comment(actor: User, assignment: Assignment) -> Callable[[], object]:
    return lambda: commenting.post(
        actor, assignment.task, f"Đề nghị bổ sung danh sách lớp tập huấn theo huyện {MARK}."
    )


def _difficulty(assignment: Assignment) -> Callable[[], object]:
    """The closing clause of plan 108: to Sở NN&PTNT, which advises UBND thành phố."""
    department = agencies.by_short_name()["Sở NN&PTNT"]
    way = Route(department.id, "Ủy ban nhân dân thành phố")
    new = escalations.NewEscalation(
        agency=assignment.agency,
        problem=f"Vốn đối ứng cho đường liên ấp của xã Trường Xuân chưa được phân bổ {MARK}.",
        effect=f"Tiêu chí 2 (Giao thông) của xã khó đạt trong Quý IV/2024 {MARK}.",
        decision=f"Đề nghị UBND thành phố bố trí vốn trước ngày 30/11/2024 {MARK}.",
        tasks=[assignment.task],
    )

    def act() -> None:
        escalations.set_route(_person("dieuphoi"), way, department)
        escalations.report(_speaker(assignment.agency), new)

    return act


def _reports() -> None:
    """All reports up to October, but for two districts that have not sent October's; taken two days
    later, those of the coordinating office by the leader."""
    due = db.session.scalars(
        select(Report).where(Report.due_on < SAMPLE_DAY).order_by(Report.due_on, Report.id)
    ).all()
    coordinator, leader = _person("dieuphoi"), _person("lanhdao")
    acts: list[tuple[date, Callable[[], object]]] = []
    for report in due:
        late = report.due_on == OCTOBER_DUE and report.agency.short_name in MISSING_OCTOBER
        if not late:
            acts.append((report.due_on, _send(report)))
            decider = leader if report.agency.kind is AgencyKind.OFFICE else coordinator
            acts.append((report.due_on + TAKEN_AFTER, _take(decider, report)))
    for day, act in sorted(acts, key=lambda each: each[0]):
        clock.freeze(day)
        act()


def _send(report: Report) -> Callable[[], object]:
    text = TypedText(f"Tình hình thực hiện trong kỳ {MARK}.", version=0, is_touched=True)
    count = TypedFigure(
        f"Số xã có báo cáo {MARK}", "xã", Decimal(6 + report.due_on.month % 4), 0, True
    )
    typed = Typed({WHOLE_TEXT: text}, [count])
    return lambda: send(report.id, _speaker(report.agency), typed)


def _take(actor: User, report: Report) -> Callable[[], object]:
    return lambda: accept(actor, report.id)


@bp.post("/sample/date")
@require()
def move_date() -> ResponseReturnValue:
    """Let the sample stand on a later day and run that day's sweep at once."""
    today = settings.sample_date()
    if today is None:
        abort(404)
    back = safe_next(request.form.get("back")) or url_for("desk.home")
    try:
        day = date.fromisoformat(request.form.get("date", ""))
    except ValueError:
        flash("Ngày chưa đúng; hãy chọn trong lịch.")
        return redirect(back, 303)
    if day < today or day.year > today.year + 1:
        flash("Ngày của bản mẫu chỉ chuyển được về phía trước, không quá năm sau.")
        return redirect(back, 303)
    with transaction():
        settings.store(settings.SAMPLE_DATE, day.isoformat())
        clock.freeze(day)
        history.record(me(), "sample", 0, "sample.date", after={"Ngày": day.strftime("%d/%m/%Y")})
        slots.claim(slots.REMINDERS, day.isoformat())
        mails = reminders.sweep(day).mails
    flash(f"Đã chuyển đến ngày {day.strftime('%d/%m/%Y')}; {mails} thư nhắc việc được lập.")
    return redirect(back, 303)

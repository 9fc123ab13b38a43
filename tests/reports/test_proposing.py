"""Lines of a report out of facts: what is chosen, what only stands ready, how each is worded."""

from dataclasses import replace
from datetime import date

from ntmtasks.reports.rules.annex import annex
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.facts import Facts, Said, Slots, Work
from ntmtasks.reports.rules.proposing import left_out, propose, written
from ntmtasks.reports.rules.writing import added
from ntmtasks.tasks.rules import DeadlineClass, TaskKind, WorkState


def work(task: str, state: WorkState, **more: object) -> Work:
    """Work of a department in November."""
    values: dict[str, object] = {
        "path": "III.1.a",
        "section": SectionKind.GUIDANCE,
        "agency": "Sở A",
        "lead": "Sở A",
        "supporting": "",
        "is_lead": True,
        "kind": TaskKind.CONCRETE,
        "klass": DeadlineClass.IN_TIME,
        "deadline": None,
        "deadline_text": "",
        "submitted_on": None,
        "percent": 40,
    }
    return Work(task=task, state=state, **{**values, **more})  # type: ignore[arg-type]  # see Work


def facts(*works: Work, slots: tuple[Slots, ...] = ()) -> Facts:
    """The facts of November."""
    days = (date(2024, 10, 15), date(2024, 11, 14), date(2024, 12, 14), date(2024, 11, 14))
    return Facts(*days, works=works, slots=slots)


def test_several_updates_become_sub_bullets_and_the_share_is_told_once() -> None:
    said = (
        Said(date(2024, 10, 20), "Họp.\nLập tổ"),
        Said(date(2024, 11, 2), "Ban hành; số liệu: 2 văn bản"),
    )
    found = propose(facts(work("Kiện toàn bộ máy", WorkState.IN_PROGRESS, said=said)))
    assert written(found, SectionKind.GUIDANCE) == (
        "- Kiện toàn bộ máy (mục III.1.a) (đạt 40 %):\n"
        "  + 20/10/2024: Họp. Lập tổ.\n"
        "  + 02/11/2024: Ban hành; số liệu: 2 văn bản."
    )


def test_supporting_work_and_work_without_news_only_stand_ready() -> None:
    helped = work(
        "Giúp", WorkState.IN_PROGRESS, is_lead=False, said=(Said(date(2024, 11, 1), "Đã góp ý"),)
    )
    found = propose(facts(helped, work("Làm", WorkState.IN_PROGRESS)))
    assert written(found, SectionKind.GUIDANCE) == ""
    assert left_out(
        found, SectionKind.GUIDANCE, "- Làm (mục III.1.a): đang thực hiện, đạt 40 %."
    ) == ["- Giúp (mục III.1.a): Đã góp ý (đạt 40 %)."]


def test_finished_work_counts_by_its_day_and_returned_work_is_not_done() -> None:
    done = {"submitted_on": date(2024, 11, 6), "klass": DeadlineClass.DONE_ON_TIME}
    back = (Said(date(2024, 11, 1), "Đã xong"),)
    found = propose(
        facts(
            work("Xong", WorkState.DONE, **done),
            work("Xong trước", WorkState.DONE, **done | {"submitted_on": date(2024, 10, 1)}),
            work("Trả lại", WorkState.RETURNED, percent=100, said=back),
        )
    )
    assert written(found, SectionKind.GUIDANCE) == (
        "- Hoàn thành: Xong (mục III.1.a), ngày 06/11/2024.\n"
        "- Trả lại (mục III.1.a): Đã xong (được trả lại, đang thực hiện lại)."
    )


def test_the_next_period_has_deadlines_in_their_order_and_the_days_of_slots() -> None:
    days = tuple(date(2024, 11, d) for d in (18, 25))
    found = propose(
        facts(
            work("Sau", WorkState.IN_PROGRESS, deadline=date(2024, 12, 10)),
            work("Trước", WorkState.ASSIGNED, deadline=date(2024, 11, 20)),
            work("Cuối năm", WorkState.ASSIGNED, deadline=date(2024, 12, 31)),
            slots=(Slots("Phát sóng", "III.2.c", days),),
        )
    )
    assert written(found, SectionKind.NEXT_PERIOD) == (
        "- Hoàn thành trước ngày 20/11/2024: Trước (mục III.1.a).\n"
        "- Hoàn thành trước ngày 10/12/2024: Sau (mục III.1.a).\n"
        "- Phát sóng (mục III.2.c): 2 lần (18/11/2024, 25/11/2024)."
    )
    assert [p.text for p in found if not p.chosen][-1] == "- Tiếp tục: Cuối năm (mục III.1.a)."


def test_the_annex_says_how_late_and_what_is_not_counted() -> None:
    late = work("Muộn", WorkState.IN_PROGRESS, klass=DeadlineClass.OVERDUE, days_late=4)
    habit = work("Thường xuyên", WorkState.IN_PROGRESS, klass=None, kind=TaskKind.CONTINUOUS)
    done = work("Xong", WorkState.DONE, klass=DeadlineClass.DONE_LATE)
    rows = annex([late, habit, work("Giúp", WorkState.ASSIGNED, is_lead=False), done])
    assert [(row.number, row.note, row.percent) for row in rows] == [
        (1, "Quá hạn 4 ngày", 40),
        (2, "Thường xuyên", 40),
        (3, "Hoàn thành quá hạn", 100),
    ]


def test_what_several_agencies_do_for_themselves_is_one_row_of_the_annex() -> None:
    day = date(2024, 11, 10)
    many = [
        replace(
            work("Kế hoạch riêng", state, klass=klass, days_late=late), agency=name, deadline=day
        )
        for name, state, klass, late in (
            ("A", WorkState.DONE, DeadlineClass.DONE_ON_TIME, 0),
            ("B", WorkState.IN_PROGRESS, DeadlineClass.OVERDUE, 4),
            ("C", WorkState.IN_PROGRESS, DeadlineClass.IN_TIME, 0),
            ("D", WorkState.IN_PROGRESS, DeadlineClass.IN_TIME, 0),
        )
    ]
    [row] = annex(many)
    assert (row.lead, row.result, row.percent) == ("4 cơ quan", "1/4 cơ quan hoàn thành", 55)
    assert row.note == "Trong hạn: 2 (C, D); Hoàn thành đúng hạn: 1 (A); Quá hạn 4 ngày: 1 (B)"


def test_a_line_is_added_once_whatever_its_case() -> None:
    assert added("- Một", "- Hai\n  + Ba") == "- Một\n- Hai\n  + Ba"
    assert added("- MỘT\n- Hai", "- Một") == "- MỘT\n- Hai"

"""Who does an item of plan 108, in which mode, until when."""

import json
from datetime import date
from pathlib import Path

import pytest

from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.intake.rules.assigning import assignments_for, task_deadline
from ntmtasks.intake.rules.parts import AgencyMention, DeadlineReading, ItemReading, PlanReading
from ntmtasks.intake.rules.reading import read_plan

DATA = Path(__file__).parents[2] / "ntmtasks" / "data"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return directory_from(json.loads((DATA / "can_tho_2024.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def plan(directory: Directory) -> PlanReading:
    return read_plan((DATA / "108-kh-ubnd.txt").read_text(encoding="utf-8"), directory)


def item(plan: PlanReading, path: str) -> ItemReading:
    return next(i for i in plan.items if i.path == path)


def test_a_group_does_its_work_each_for_itself(plan: PlanReading, directory: Directory) -> None:
    for path, members in (("IV.3.-1", 20), ("IV.4.-1", 6), ("IV.5.-3", 4)):
        mode, given = assignments_for(item(plan, path), directory)
        assert mode == "each"
        assert [a.role for a in given].count("lead") == members
        assert all(a.named_by_plan for a in given)


def test_a_heading_leads_and_named_partners_support(
    plan: PlanReading, directory: Directory
) -> None:
    mode, given = assignments_for(item(plan, "IV.2.-7"), directory)
    assert mode == "joint"
    assert [(a.agency, a.role) for a in given] == [
        ("VP Điều phối NTM", "lead"),
        ("Ban Thi đua - Khen thưởng", "supporting"),
        ("Sở Nội vụ", "supporting"),
    ]
    assert "IV.2" in given[0].reason


def test_what_the_plan_gives_to_nobody_is_a_proposal_with_a_reason(
    plan: PlanReading, directory: Directory
) -> None:
    mode, given = assignments_for(item(plan, "III.4.d"), directory)
    assert mode == "joint"
    assert given[0].agency == "Sở LĐ-TB&XH"
    assert not given[0].named_by_plan
    assert given[0].reason


def test_the_default_office_is_the_exception(plan: PlanReading, directory: Directory) -> None:
    default = [i for i in plan.tasks if i.proposed and "mặc định" in i.proposed.reason]
    assert len(default) <= 3
    assert all(assignments_for(i, directory)[1] for i in plan.tasks)


def test_an_unknown_agency_falls_back_to_the_office(directory: Directory) -> None:
    stranger = ItemReading("V.1", "1", "Việc", "task", (AgencyMention("Sở Lạ", "lead", None),))
    _, given = assignments_for(stranger, directory)
    assert [(a.agency, a.named_by_plan) for a in given] == [("VP Điều phối NTM", False)]
    assert "Sở Lạ" in given[0].reason


def test_an_agency_is_assigned_once(directory: Directory) -> None:
    twice = ItemReading(
        "V.1",
        "1",
        "Việc",
        "task",
        (
            AgencyMention("Sở Y tế", "lead", "Sở Y tế"),
            AgencyMention("các sở, ban ngành", "supporting", "Các sở, ban ngành thành phố"),
        ),
    )
    _, given = assignments_for(twice, directory)
    assert len(given) == len({a.agency for a in given}) == 20


def test_deadlines_of_plan_108(plan: PlanReading) -> None:
    end = date(2024, 12, 31)
    assert task_deadline(item(plan, "III.1.a"), 2024) == (end, "", "plan_year")
    assert task_deadline(item(plan, "III.2.a"), 2024) == (end, "năm 2024", "period_end")
    eight = item(plan, "III.8.-1")
    assert task_deadline(eight, 2024) == (end, "năm 2024", "period_end")
    assert eight.quarter_four
    assert eight.deadline == DeadlineReading("năm 2024", end, None, "annex")


def test_kinds_of_tasks_of_plan_108(plan: PlanReading) -> None:
    continuous = [i.path for i in plan.tasks if i.task_kind == "continuous"]
    recurring = [i.path for i in plan.tasks if i.task_kind == "recurring"]
    assert continuous == ["III.1.đ", "III.8.-5"]
    assert recurring == ["III.2.c", "IV.2.-4", "IV.5.-3", "IV.5.-5"]

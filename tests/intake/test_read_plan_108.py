"""Kế hoạch 108/KH-UBND of Cần Thơ is read exactly."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.intake.rules.parts import PlanReading
from ntmtasks.intake.rules.reading import read_plan

ROOT = Path(__file__).parents[2]
DATA = ROOT / "ntmtasks" / "data"
EXPECTED: dict[str, Any] = json.loads(
    (ROOT / "tests" / "plans" / "108-kh-ubnd.expected.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return directory_from(json.loads((DATA / "can_tho_2024.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def source() -> str:
    return (DATA / "108-kh-ubnd.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plan(directory: Directory, source: str) -> PlanReading:
    return read_plan(source, directory)


def same(text: str) -> str:
    return " ".join(text.replace("*", "").casefold().split())


def test_the_69_items_stand_in_their_order(plan: PlanReading) -> None:
    assert [t.path for t in plan.tasks] == [w["path"] for w in EXPECTED["items"]]
    assert len(plan.tasks) == 69


@pytest.mark.parametrize("want", EXPECTED["items"], ids=lambda w: w["path"])
def test_an_item_is_read_exactly(plan: PlanReading, want: dict[str, Any]) -> None:
    item = next(t for t in plan.tasks if t.path == want["path"])
    assert same(item.text).startswith(same(want["starts_with"]))
    assert same(item.text).endswith(same(want["ends_with"]))
    optional = set(want.get("optional_agencies", ()))
    leads = [a.name for a in item.agencies if a.role == "lead"]
    assert [n for n in leads if n not in optional] == want["agencies"]
    if "coord_agencies" in want:
        supporting = [a.name for a in item.agencies if a.role == "supporting"]
        assert supporting == want["coord_agencies"]
    deadline = item.deadline
    due = deadline.due_on.isoformat() if deadline and deadline.due_on else None
    assert due == want["deadline"]
    recurrence = ",".join(deadline.recurrence) if deadline and deadline.recurrence else None
    assert recurrence == want["recurrence"]


def test_head_and_foot(plan: PlanReading) -> None:
    assert plan.number == EXPECTED["number"]
    assert plan.issued_on == date(2024, 5, 24)
    assert plan.title == EXPECTED["title"]
    assert (plan.year, plan.issuer, plan.place) == (2024, "UBND thành phố Cần Thơ", "Cần Thơ")
    assert plan.signer == "Nguyễn Ngọc Hè"
    assert len(plan.recipients) == 6
    assert [s.label for s in plan.sections] == ["I", "III", "IV"]


def test_targets_funding_and_closing(plan: PlanReading) -> None:
    kinds = [i.kind for i in plan.items]
    assert kinds.count("target") == EXPECTED["targets"]
    assert kinds.count("closing") == 1
    assert plan.funding is not None
    amounts = {s.name: s.amount for s in plan.funding.sources}
    assert {"total": plan.funding.total, **amounts} == EXPECTED["funding"]
    assert plan.funding.unit == "triệu đồng"


def test_the_communes_of_the_annex(plan: PlanReading) -> None:
    levels = {"nâng cao": "advanced", "kiểu mẫu": "model"}
    assert [
        (c.commune, c.district, c.level, c.commitment, c.deadline and c.deadline.due_on)
        for c in plan.communes
    ] == [
        (
            w["commune"],
            w["district"],
            levels[w["level"]],
            w["kind"],
            date.fromisoformat(w["due"]),
        )
        for w in EXPECTED["communes"]
    ]
    assert {c.deadline.text for c in plan.communes if c.deadline} == {"Quý IV/2024"}


@pytest.mark.parametrize(
    ("code", "paths"),
    [
        ("missing_section", {"III"}),
        ("body_annex_mismatch", {"I.2.-2", "III.8.-1"}),
        ("no_recipient", {"III.2.b", "III.2.c", "IV.2.-1"}),
        ("duplicate", {"III.2.a", "III.1.g", "III.1.k", "III.8.-5"}),
        ("two_routes", {"IV.2.-4", "IV.5.-5"}),
        ("no_owner", {"III.7.-3"}),
        ("indicator_owner", {"IV.4.-1"}),
        ("no_date", {"I.2.-4", "IV.5.-3", "IV.5.-5"}),
        ("no_product", {"III.1.e"}),
        ("unnamed_area", {"I.2.-1", "I.2.-4"}),
        ("done_on_issue", {"III.3"}),
        ("alias", set()),
        ("wrong_document_symbol", set()),
        ("ocr_slip", {"PL.p1", "NN.8"}),
        ("funding_split", set()),
    ],
)
def test_what_a_careful_reader_notices(plan: PlanReading, code: str, paths: set[str]) -> None:
    found = [f for f in plan.findings if f.code == code]
    assert found
    assert paths <= {f.path for f in found}


def test_every_quote_is_verbatim_and_every_message_says_something(
    plan: PlanReading, source: str
) -> None:
    whole = same(source)
    for finding in plan.findings:
        assert finding.quote.strip()
        assert same(finding.quote) in whole
        assert len(finding.message) > 20
        assert len(finding.remedy) > 20
        assert finding.remedy.endswith(".")
    assert not any(f.code == "funding_sum" for f in plan.findings)


def test_the_json_object_has_the_keys_that_were_promised(plan: PlanReading) -> None:
    data = json.loads(json.dumps(plan.to_json(), ensure_ascii=False))
    assert {"number", "issued_on", "year", "issuer", "place", "signer", "title"} <= set(data)
    assert {"sections", "items", "communes", "funding", "recipients", "findings"} <= set(data)
    assert set(data["items"][0]) == {
        "path", "label", "text", "kind", "agencies", "proposed", "assigned_by", "deadline"
    }  # fmt: skip
    dated = next(i["deadline"] for i in data["items"] if i["deadline"])
    assert set(dated) == {"text", "due_on", "recurrence", "basis"}
    assert set(data["findings"][0]) == {
        "code", "severity", "message", "remedy", "quote", "path"
    }  # fmt: skip


def test_clauses_are_the_whole_document_in_reading_order(plan: PlanReading, source: str) -> None:
    starts = [c.start for c in plan.clauses]
    assert starts == sorted(starts)
    paths = [c.path for c in plan.clauses]
    assert len(paths) == len(set(paths))
    assert all(c.parent_path is None or c.parent_path in paths for c in plan.clauses)
    by_path = {c.path: c for c in plan.clauses}
    for task in plan.tasks:
        clause = by_path[task.path]
        assert same(task.text) in same(source[clause.start : clause.end].replace("\n", " "))

"""The OpenAPI document of /api/v1, as data; its parameters are those that rules.api reads."""

from enum import StrEnum
from typing import Any

from ntmtasks.oversight.rules.api import (
    ADDRESSES,
    MOST_PAGES,
    MOST_PER_PAGE,
    PER_PAGE,
    Code,
    Kind,
    Parameter,
    values_of,
)
from ntmtasks.plans.rules import PlanState
from ntmtasks.reports.rules.periods import PeriodKind
from ntmtasks.reports.rules.states import Standing
from ntmtasks.tasks.rules import (
    AssignmentRole,
    DeadlineBasis,
    DeadlineClass,
    Mode,
    Phase,
    TaskKind,
    WorkState,
)

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_YES_NO: Schema = {"type": "boolean"}
_DAY: Schema = {"type": "string", "format": "date"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}


def _names(kind: type[StrEnum]) -> Schema:
    return {"type": "string", "enum": [each.value for each in kind]}


def _or_null(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "null"}]}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _object(about: str, **properties: Schema) -> Schema:
    """All fields are always there, and no others."""
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_BOXES = dict.fromkeys(("total", *(k.value for k in DeadlineClass), "extended"), _WHOLE)
_ASSIGNMENT: Schema = {
    "id": _WHOLE,
    "task_id": _WHOLE,
    "agency": _ref("Agency"),
    "role": _names(AssignmentRole),
    "work_state": _names(WorkState),
    "deadline_class": _or_null(_names(DeadlineClass)),
    "deadline": _or_null(_DAY),
    "original_deadline": _or_null(_DAY),
    "extended": _YES_NO,
    "percent": {"type": "integer", "minimum": 0, "maximum": 100},
    "submitted_on": _or_null(_DAY),
    "updated_at": _MOMENT,
}
_PLAN: Schema = {
    "id": _WHOLE,
    "number": _TEXT,
    "title": _TEXT,
    "issuer": _TEXT,
    "issued_on": _or_null(_DAY),
    "year": _WHOLE,
    "state": _names(PlanState),
    "url": _TEXT,
}
_SCHEMAS: Schema = {
    "Agency": _object("Cơ quan.", id=_WHOLE, name=_TEXT, short_name=_TEXT),
    "Plan": _object("Kế hoạch đã ban hành.", **_PLAN),
    "Clause": _object(
        "Một mục của kế hoạch, nguyên văn.", id=_WHOLE, path=_TEXT, kind=_TEXT, text=_TEXT
    ),
    "PlanWithClauses": _object("Kế hoạch với các mục.", **_PLAN, clauses=_list(_ref("Clause"))),
    "Assignment": _object(
        "Nhiệm vụ giao cho một cơ quan. deadline_class chỉ có ở đầu việc (việc cụ thể, chủ trì).",
        **_ASSIGNMENT,
    ),
    "Task": _object(
        "Nhiệm vụ. mode each: mỗi cơ quan chủ trì làm phần của mình; done / leads là số đã xong.",
        id=_WHOLE,
        plan_id=_WHOLE,
        path=_TEXT,
        section=_TEXT,
        text=_TEXT,
        product=_TEXT,
        source_note=_TEXT,
        kind=_names(TaskKind),
        mode=_names(Mode),
        phase=_names(Phase),
        deadline=_or_null(_DAY),
        deadline_text=_TEXT,
        deadline_basis=_names(DeadlineBasis),
        quarter_four=_YES_NO,
        recurrence=_list(_TEXT),
        done=_WHOLE,
        leads=_WHOLE,
        assignments=_list(_ref("Assignment")),
        updated_at=_MOMENT,
        url=_TEXT,
    ),
    "Counts": _object(
        "Các ô đếm; các ô sau total cộng lại bằng total, extended nằm trong done_on_time.", **_BOXES
    ),
    "Counters": _object(
        "Các ô đếm cuối một ngày; by_agency theo thứ tự trong kế hoạch.",
        on=_DAY,
        agency_id=_or_null(_WHOLE),
        counts=_ref("Counts"),
        by_agency=_list(_object("Một cơ quan.", agency=_ref("Agency"), counts=_ref("Counts"))),
    ),
    "Period": _object(
        "Một kỳ báo cáo của một cơ quan. Không phải nộp: report_id là null, not_required nói vì sao.",
        id=_WHOLE,
        plan_id=_WHOLE,
        requirement_id=_WHOLE,
        title=_TEXT,
        agency=_ref("Agency"),
        kind=_names(PeriodKind),
        label=_TEXT,
        starts_on=_DAY,
        cut_off=_DAY,
        due_on=_DAY,
        state=_names(Standing),
        submitted_on=_or_null(_DAY),
        report_id=_or_null(_WHOLE),
        not_required=_TEXT,
        url=_or_null(_TEXT),
    ),
    "Error": _object(
        "Vì sao không trả lời được.",
        error=_object(
            "Mã cho chương trình, câu cho người.",
            code=_names(Code),
            message=_TEXT,
            parameter=_or_null(_TEXT),
        ),
    ),
}


def _page_of(name: str) -> Schema:
    return _object(
        "Một trang; next là địa chỉ trang sau, null ở trang cuối.",
        items=_list(_ref(name)),
        page=_WHOLE,
        per_page=_WHOLE,
        total=_WHOLE,
        next=_or_null(_TEXT),
    )


def _parameter(each: Parameter) -> Schema:
    one: Schema
    if each.kind is Kind.NUMBER:
        one = {"type": "integer", "minimum": each.low, "maximum": each.high}
    elif each.kind is Kind.DAY:
        one = _DAY
    elif each.kind is Kind.MOMENT:
        one = _MOMENT
    elif each.values is not None:
        one = {"type": "string", "enum": list(values_of(each))}
    else:
        one = {"type": "string", "maxLength": 200}
    defaults = {"page": 1, "per_page": PER_PAGE}
    one = {**one, "default": defaults[each.name]} if each.name in defaults else one
    schema = _list(one) if each.kind is Kind.CHOICES else one
    return {"name": each.name, "in": "query", "description": each.about, "schema": schema}


def _answer(about: str, schema: Schema) -> Schema:
    content = {"application/json": {"schema": schema}}
    headers = {"ETag": {"description": "Gửi lại trong If-None-Match.", "schema": _TEXT}}
    return {"description": about, "headers": headers, "content": content}


def _failure(about: str) -> Schema:
    return {"description": about, "content": {"application/json": {"schema": _ref("Error")}}}


_FAILURES: Schema = {
    "304": {"description": "Chưa đổi từ lần lấy có ETag này."},
    "401": _failure("Thiếu khóa, hoặc khóa không dùng được."),
    "403": _failure("Khóa không được hỏi điều này."),
    "404": _failure("Không có, hoặc khóa không được xem."),
    "422": _failure("Tham số không đúng."),
    "429": _failure("Hỏi quá nhiều; Retry-After cho biết chờ bao nhiêu giây."),
}


def _get(name: str, about: str, schema: Schema, parameters: list[Schema]) -> Schema:
    return {
        "get": {
            "operationId": name,
            "summary": about,
            "parameters": parameters,
            "responses": {"200": _answer("Nội dung.", schema), **_FAILURES},
        }
    }


_LISTS = {
    "plans": ("Các kế hoạch đã ban hành.", _page_of("Plan")),
    "tasks": ("Nhiệm vụ, lọc như trên trang Nhiệm vụ.", _page_of("Task")),
    "assignments": ("Phần giao cho từng cơ quan.", _page_of("Assignment")),
    "counters": ("Các ô đếm.", _ref("Counters")),
    "periods": ("Kỳ báo cáo.", _page_of("Period")),
}
_ONES = {
    "plans": ("Một kế hoạch với các mục.", "PlanWithClauses"),
    "tasks": ("Một nhiệm vụ.", "Task"),
    "assignments": ("Phần giao cho một cơ quan.", "Assignment"),
}
_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": _WHOLE}


def document(base_url: str) -> Schema:
    """The document of an instance."""
    found: Schema = {}
    for name, (about, schema) in _LISTS.items():
        asked = [_parameter(each) for each in ADDRESSES[name]]
        found[f"/{name}"] = _get(f"list_{name}", about, schema, asked)
    for name, (about, one) in _ONES.items():
        found[f"/{name}/{{id}}"] = _get(f"get_{name}", about, _ref(one), [_ID])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "NTM Nhiệm vụ",
            "version": "1",
            "description": (
                "Chỉ đọc. Khóa của một cơ quan đọc những gì cơ quan đó được xem; khóa của cơ quan điều phối "
                f"đọc tất cả. Mỗi trang nhiều nhất {MOST_PER_PAGE} dòng, nhiều nhất {MOST_PAGES} trang."
            ),
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"key": []}],
        "paths": found,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }

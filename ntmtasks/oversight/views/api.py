"""/api/v1: read-only JSON for other systems, which show a key and no cookie."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from flask import Response, after_this_request, request
from flask.typing import ResponseReturnValue

from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, instance
from ntmtasks.core.access import public
from ntmtasks.oversight.models import AccessToken
from ntmtasks.oversight.queries import api as queries
from ntmtasks.oversight.rules import api as rules
from ntmtasks.oversight.rules import openapi
from ntmtasks.oversight.rules.api import BadParameter, Code
from ntmtasks.oversight.rules.keys import TokenUse
from ntmtasks.oversight.service import keys as service
from ntmtasks.oversight.views import api_json as shapes
from ntmtasks.oversight.views.blueprint import bp
from ntmtasks.tasks.queries import counting

P = ParamSpec("P")
Json = dict[str, Any]
WAIT_SECONDS = 300

ERRORS: dict[int, tuple[Code, str]] = {
    401: (
        Code.UNAUTHORIZED,
        "Thiếu khóa, hoặc khóa không dùng được. Gửi tiêu đề “Authorization: Bearer <khóa>”.",
    ),
    403: (Code.FORBIDDEN, "Khóa này không được hỏi điều vừa hỏi."),
    404: (Code.NOT_FOUND, "Không có địa chỉ hay dữ liệu này, hoặc khóa không được xem."),
    405: (Code.METHOD, "Chỉ đọc: hãy dùng GET."),
    429: (Code.TOO_MANY, "Hỏi quá nhiều. Hãy chờ 5 phút rồi hỏi lại."),
    500: (Code.FAILED, "Hệ thống gặp lỗi; hãy hỏi lại sau ít phút."),
}


class _Refused(Exception):
    """The request gets this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Reader:
    """The system that asks: `scope` is the agency to which it is limited, None for everything."""

    key: AccessToken
    scope: int | None


def failure(status: int, message: str = "", parameter: str | None = None) -> Response:
    """An error as JSON; the sentence of its status by default."""
    code, words = ERRORS.get(status, ERRORS[500])
    if status == 422:
        code = Code.BAD_PARAMETER
    said = {"code": code.value, "message": message or words, "parameter": parameter}
    answer = _json({"error": said})
    answer.status_code = status
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        answer.headers["Retry-After"] = str(WAIT_SECONDS)
    return answer


def _json(content: Json) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    answer = Response(text, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def keyed(view: Callable[Concatenate[Reader, P], Json]) -> Callable[P, ResponseReturnValue]:
    """Let a view run for whoever shows a key, and answer with what it returns; 304 where that is known."""

    @public
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            answer = _json(view(_reader(), *args, **kwargs))
        except _Refused as error:
            return failure(error.status)
        except BadParameter as error:
            return failure(422, error.message, error.name)
        answer.add_etag()
        answer.make_conditional(request)
        return answer

    return guarded


def _reader() -> Reader:
    """Whose key the request shows; every call with it counts."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        token = token.strip() if scheme.lower() == "bearer" else ""
        key = service.opened(TokenUse.API, token, request.remote_addr or "") if token else None
        if key is None:
            raise _Refused(401)
        service.check_calls(key)
    except service.TooManyAttempts:
        raise _Refused(429) from None
    after_this_request(lambda response: _note(key, response))
    reads_all = key.agency.kind is AgencyKind.OFFICE
    return Reader(key, None if reads_all else key.agency_id)


def _note(key: AccessToken, response: Response) -> Response:
    service.note_call(key)
    return response


def _asked(name: str) -> rules.Asked:
    return rules.read(name, request.args.items(multi=True))


def _found(row: Any) -> Any:
    if row is None:
        raise _Refused(404)
    return row


def _page(found: queries.Page, asked: rules.Asked, items: Iterable[Json]) -> Json:
    has_more = asked.page * asked.per_page < found.total and asked.page < rules.MOST_PAGES
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "page"]
    address = f"{request.path}?{urlencode([*kept, ('page', asked.page + 1)])}"
    return {
        "items": list(items),
        "page": asked.page,
        "per_page": asked.per_page,
        "total": found.total,
        "next": instance.config().base_url + address if has_more else None,
    }


@bp.get("/api/v1/openapi.json")
@public
def api_document() -> ResponseReturnValue:
    """What may be asked and what is answered; says nothing of any work, so it needs no key."""
    answer = _json(openapi.document(instance.config().base_url))
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@bp.get("/api/v1/plans")
@keyed
def api_plans(_reader: Reader) -> Json:
    """Issued plans."""
    asked = _asked("plans")
    found = queries.plans(asked)
    return _page(found, asked, map(shapes.plan, found.rows))


@bp.get("/api/v1/plans/<id:plan_id>")
@keyed
def api_plan(_reader: Reader, plan_id: int) -> Json:
    """One plan with its clauses."""
    return shapes.plan_with_clauses(_found(queries.plan(plan_id)))


@bp.get("/api/v1/tasks")
@keyed
def api_tasks(reader: Reader) -> Json:
    """Tasks under the board's filter."""
    asked = _asked("tasks")
    found = queries.tasks(asked, reader.scope, clock.today())
    return _page(found, asked, map(shapes.task, found.rows))


@bp.get("/api/v1/tasks/<id:task_id>")
@keyed
def api_task(reader: Reader, task_id: int) -> Json:
    """One task."""
    return shapes.task(_found(queries.task(task_id, reader.scope)))


@bp.get("/api/v1/assignments")
@keyed
def api_assignments(reader: Reader) -> Json:
    """What each agency owes."""
    asked = _asked("assignments")
    found = queries.assignments(asked, reader.scope, clock.today())
    return _page(found, asked, map(shapes.assignment, found.rows))


@bp.get("/api/v1/assignments/<id:assignment_id>")
@keyed
def api_assignment(reader: Reader, assignment_id: int) -> Json:
    """What one agency owes of one task."""
    return shapes.assignment(_found(queries.assignment(assignment_id, reader.scope)))


@bp.get("/api/v1/counters")
@keyed
def api_counters(reader: Reader) -> Json:
    """The counters: an agency's own, or everything and agency by agency, also on a past day."""
    asked = _asked("counters")
    on, today = asked["on"] or clock.today(), clock.today()
    agency_id = asked["agency"] or reader.scope
    if reader.scope not in (None, agency_id) or (asked["on"] and reader.scope is not None):
        raise _Refused(403)
    if on > today:
        raise BadParameter("on", "“on” phải là hôm nay hoặc một ngày đã qua.")
    apart = [] if agency_id else counting.counters_by_agency(on)
    return {
        "on": on.isoformat(),
        "agency_id": agency_id,
        "counts": vars(counting.counters(on, agency_id)),
        "by_agency": [{"agency": shapes.agency(a), "counts": vars(c)} for a, c in apart],
    }


@bp.get("/api/v1/periods")
@keyed
def api_periods(reader: Reader) -> Json:
    """Reporting periods."""
    asked = _asked("periods")
    found = queries.periods(asked, reader.scope)
    return _page(found, asked, map(shapes.period, found.rows))

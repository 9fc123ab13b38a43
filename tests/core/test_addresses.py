"""Addresses are those that Flask says."""

import flask
import pytest
from flask import Blueprint, Flask

from ntmtasks.core.addresses import url_for


def _app() -> Flask:
    app = Flask(__name__)
    for room in ("desk", "plans"):
        bp = Blueprint(room, __name__, url_prefix=f"/{room}")
        bp.add_url_rule("/<int:number>", "one", lambda number: str(number))
        bp.add_url_rule("/", "all", lambda: "")
        bp.add_url_rule("/all.<any(csv, xlsx):ending>", "file", lambda ending: str(ending))
        app.register_blueprint(bp)
    return app


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("desk.all", {}),
        ("desk.one", {"number": 7}),
        ("desk.one", {"number": 8}),
        ("desk.one", {"number": 8, "open": "extension-8", "page": 2}),
        ("desk.one", {"number": 8, "open": "a b%"}),
        ("desk.all", {"q": "", "page": -1}),
        ("desk.file", {"ending": "csv"}),
        ("desk.all", {"on": None, "closed": 1}),
        ("desk.all", {"on": None, "closed": True}),
        ("desk.all", {"state": ["a", "b"]}),
        ("desk.all", {"_anchor": "x", "q": "nước & cây"}),
        ("desk.all", {"_external": True}),
        (".all", {}),
    ],
)
def test_an_address_is_the_same_wherever_and_whenever_it_is_asked(
    endpoint: str, values: dict[str, object]
) -> None:
    app, places = _app(), [("/desk/", "/a", "a.vn"), ("/plans/", "/b", "b.vn")]
    for path, mounted, host in places * 2:
        with app.test_request_context(path, f"http://{host}{mounted}"):
            expected = flask.url_for(endpoint, **values)  # type: ignore[arg-type]
            assert url_for(endpoint, **values) == expected


def test_an_address_that_does_not_exist_is_an_error_each_time() -> None:
    with _app().test_request_context():
        for _ in range(2):
            with pytest.raises(LookupError):
                url_for("desk.nothing")

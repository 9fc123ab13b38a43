"""The web application: every room's pages in one frame."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask.templating import Environment
from flask_login import current_user
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from markupsafe import Markup

from ntmtasks import paths, sample
from ntmtasks.accounts import sessions
from ntmtasks.accounts import views as accounts_views
from ntmtasks.accounts.labels import ROLES
from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import views as agencies_views
from ntmtasks.config import Config, ConfigError
from ntmtasks.core import assets, clock, db, formats, health, settings, web
from ntmtasks.core.access import Permission
from ntmtasks.core.addresses import mounted_at, url_for
from ntmtasks.core.calling import Context
from ntmtasks.core.escaping import Compiler
from ntmtasks.core.fields import hidden_fields, shown_field
from ntmtasks.core.forms import csrf_token, new_token
from ntmtasks.core.sources import SOURCES
from ntmtasks.desk import models as desk_models
from ntmtasks.desk import views as desk_views
from ntmtasks.desk.queries import waiting
from ntmtasks.escalations import views as escalations_views
from ntmtasks.files.rules import shown_size
from ntmtasks.history import models as history_models
from ntmtasks.history.labels import VERBS, by_guest, sentence
from ntmtasks.intake import views as intake_views
from ntmtasks.outbox import models as outbox_models
from ntmtasks.outbox import queries as outbox_queries
from ntmtasks.outbox import views as outbox_views
from ntmtasks.oversight import models as oversight_models
from ntmtasks.oversight import views as oversight_views
from ntmtasks.plans import views as plans_views
from ntmtasks.progress import labels as ask_labels
from ntmtasks.progress import views as progress_views
from ntmtasks.progress.models import asks as asks_models
from ntmtasks.progress.models import guidance as guidance_models
from ntmtasks.progress.models import updates as progress_models
from ntmtasks.progress.rules.mentions import pieces
from ntmtasks.reminders import models as reminders_models
from ntmtasks.reminders import views as reminders_views
from ntmtasks.reports import labels as report_labels
from ntmtasks.reports import models as reports_models
from ntmtasks.reports import views as reports_views
from ntmtasks.tasks import labels as task_labels
from ntmtasks.workdays import models as workdays_models
from ntmtasks.workdays import views as workdays_views

BLUEPRINTS = (
    accounts_views.bp,
    agencies_views.bp,
    workdays_views.bp,
    outbox_views.bp,
    plans_views.bp,
    intake_views.bp,
    reports_views.bp,
    desk_views.bp,
    oversight_views.bp,
    escalations_views.bp,
    progress_views.bp,
    reminders_views.bp,
    sample.bp,
)
# Every table belongs to the schema, whether or not a page imports it.
TABLES = (
    asks_models,
    desk_models,
    guidance_models,
    history_models,
    outbox_models,
    oversight_models,
    progress_models,
    reminders_models,
    reports_models,
    workdays_models,
)


@dataclass(frozen=True)
class Entry:
    """A line of the menu, shown to whoever has one of `permissions` (none = everybody)."""

    label: str
    icon: str
    endpoint: str
    permissions: tuple[Permission, ...] = ()
    in_bottom_bar: bool = False
    group: str = ""


READERS = (Permission.READ_OWN, Permission.READ_ALL)
DECIDERS = (Permission.DECIDE, Permission.SUBMIT_FOR_AGENCY)
MENU = (
    Entry("Việc của tôi", "check2-square", "desk.my_work", in_bottom_bar=True),
    Entry("Công việc của cơ quan", "people", "desk.agency_work", (Permission.HAND_OUT,)),
    Entry("Chờ tôi quyết định", "hourglass-split", "desk.waiting", DECIDERS),
    Entry("Tổng quan", "bar-chart", "oversight.overview", (Permission.OVERVIEW,)),
    Entry("Nhiệm vụ", "list-task", "desk.board", READERS),
    Entry("Quá hạn", "exclamation-square-fill", "oversight.overdue", READERS, True),
    Entry("Báo cáo", "clipboard-check", "reports.index", READERS, True),
    Entry("Vướng mắc", "cone-striped", "escalations.index", READERS),
    Entry("Ủy quyền", "person-circle", "accounts.stand_ins", (Permission.NAME_STAND_IN,)),
    Entry("Kế hoạch", "journal-text", "plans.index", READERS),
    Entry(
        "Nhắc việc",
        "bell",
        "reminders.index",
        (Permission.COORDINATE, Permission.ADMINISTER),
        group="Quản trị",
    ),
    Entry(
        "Trang tình hình",
        "tv",
        "oversight.status_pages",
        (Permission.COORDINATE,),
        group="Quản trị",
    ),
    Entry("Cơ quan", "building", "agencies.index", (Permission.ADMINISTER,), group="Quản trị"),
    Entry(
        "Người dùng",
        "people",
        "accounts.people",
        (Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE),
        group="Quản trị",
    ),
    Entry(
        "Ngày nghỉ", "calendar-week", "workdays.index", (Permission.ADMINISTER,), group="Quản trị"
    ),
    Entry("Cài đặt", "gear", "workdays.settings", (Permission.ADMINISTER,), group="Quản trị"),
    Entry("Kết nối", "plug", "oversight.api_keys", (Permission.ADMINISTER,), group="Quản trị"),
    Entry("Hộp thư đi", "envelope", "outbox.index", (Permission.ADMINISTER,), group="Quản trị"),
)


class _Templates(Environment):
    """Gives every template the globals themselves. Jinja's own way, a map over them, is copied name by
    name for each page and each fragment, which takes longer than drawing a small one."""

    code_generator_class = Compiler
    context_class = Context

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; `d` are its own."""
        return {**self.globals, **d} if d else self.globals


class _Application(Flask):
    jinja_environment = _Templates


def create_app(config: Config) -> Flask:
    """The application for one instance. Raises ConfigError when no secret key is set."""
    if not config.secret_key:
        raise ConfigError(
            "NTMTASKS_SECRET_KEY is not set: pages need a secret of at least 32 random characters."
        )
    app = _Application(
        "ntmtasks",
        template_folder=str(paths.resource("templates")),
        static_folder=None,
        instance_path=str(config.instance),
    )
    # Keep every template: which was used last need not be known.
    app.jinja_options = {"cache_size": -1}
    app.secret_key = config.secret_key
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        TRUSTED_HOSTS=[urlsplit(config.base_url).hostname or "", "127.0.0.1", "localhost"],
    )
    app.extensions["ntmtasks_config"] = config
    _jinja(app)
    db.init_app(app, config.database_url)
    Migrate(app, db.db, directory=str(paths.resource("migrations")), render_as_batch=True)
    web.init_app(app, config.today)
    csrf = CSRFProtect(app)
    app.jinja_env.globals["csrf_token"] = csrf_token
    sessions.init_app(app, secure=not config.is_local)
    assets.init_app(app)
    health.init_app(app, (outbox_queries.check,))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    web.errors_at(app, "/api/", oversight_views.api_failure)
    # The guest's form checks its token itself: a page left open for days then loses no text.
    csrf.exempt(progress_views.guest)
    app.context_processor(_frame)
    # Made once, when all globals that macros use are there: each import of them costs every page.
    app.jinja_env.globals["ui"] = app.jinja_env.get_template("macros.html").module
    return app


def _jinja(app: Flask) -> None:
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        day=formats.day,
        moment=formats.moment,
        dots=formats.number,
        shorten=formats.shorten,
        file_size=shown_size,
        sentence=sentence,
    )
    env.globals.update(
        words=task_labels,
        role_words=ROLES,
        verb_words=VERBS,
        source_words=SOURCES,
        ask_words=ask_labels,
        report_words=report_labels,
        by_guest=by_guest,
        pieces_of=pieces,
        Permission=Permission,
        distance=lambda deadline, is_late=False: formats.distance(deadline, clock.today(), is_late),
        new_token=new_token,
        url_for=url_for,
        hidden_fields=hidden_fields,
        shown_field=shown_field,
        menu_of=_menu,
        bell_of=lambda user: outbox_queries.bell(user.id),
        wants_fragment=web.wants_fragment,
    )


def _waiting_count(user: User) -> int:
    """The number beside *Chờ tôi quyết định*; asked by the frame alone, not by fragments."""
    return waiting.count(user) if any(map(user.can, DECIDERS)) else 0


@dataclass(frozen=True)
class Menu:
    """The menu as it stands at the side of a page, and at the bottom of a phone."""

    side: Markup
    bottom: Markup


def _menu(user: User) -> Menu:
    """What the menu offers to a person."""
    # Where we are mounted and the version of the icons are part of every address in it.
    place = mounted_at(), assets.asset_url("icons.svg")
    return _drawn_menu(user.permissions, request.endpoint or "", _waiting_count(user), place)


@lru_cache(maxsize=1000)  # every page has it, and it has thirty addresses
def _drawn_menu(
    may: frozenset[Permission], here: str, waiting_number: int, _place: tuple[str, str]
) -> Menu:
    entries = [e for e in MENU if not e.permissions or may.intersection(e.permissions)]
    drawn = current_app.jinja_env.get_template("menu.html").make_module().__dict__
    return Menu(
        drawn["side"](entries, here, waiting_number),
        drawn["bottom"](entries, here, waiting_number),
    )


def _frame() -> dict[str, object]:
    """What the frame shows around every page."""
    # The person, not what stands for one: a page asks for its attributes often.
    user = me() if current_user.is_authenticated else None
    theme = request.cookies.get("theme", "light")
    return {
        "csrf_token": csrf_token,  # instead of flask_wtf's own, which signs another one
        "user": user,
        "theme": theme if theme in accounts_views.THEMES else "light",
        "today": clock.today(),
        "frozen_day": clock.frozen_day(),
        "is_sample": "settings" in g and settings.sample_date() is not None,
    }

"""The rules by which people are reminded, tried before they are saved."""

from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.core import clock
from ntmtasks.core.access import require
from ntmtasks.core.db import ChangedMeanwhile, let_go, will_write
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.history import queries as history
from ntmtasks.reminders import labels, service
from ntmtasks.reminders.access import ladder_of
from ntmtasks.reminders.forms import RuleForm
from ntmtasks.reminders.queries import ladders, mornings
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.queries.ladders import Rule
from ntmtasks.reminders.rules import Ladder
from ntmtasks.reminders.views.blueprint import KEEPERS, bp

MOST_SHOWN = 100
"""So many people of a trial are named; the rest is counted."""
CHANGED = (
    "Quy tắc này vừa được người khác sửa. Nội dung bạn nhập còn nguyên; hãy so với bản đang lưu "
    "rồi lưu lại."
)


@dataclass(frozen=True)
class Trial:
    """Who would get a mail on a morning under typed days, and how many do under those that hold."""

    digests: list[Digest]
    now: int


@bp.get("/rules")
@require(*KEEPERS)
def rules() -> ResponseReturnValue:
    """All rules with their forms, and who changed what."""
    return _rules_page()


@bp.post("/rules/<ladder>")
@require(*KEEPERS)
def save_rule(ladder: str) -> ResponseReturnValue:
    """Set the days of a rule."""
    it = ladder_of(ladder)
    form = RuleForm.of(it)
    if not form.validate():
        return _refused(422, it, form)
    try:
        token = form.form_token.data
        service.change_rule(current_user, it, form.version.data, form.rungs(it), token)
    except ChangedMeanwhile:
        return _stale(it, form)
    return _saved(f"Đã lưu quy tắc “{labels.LADDERS[it]}”.", it)


@bp.post("/rules/<ladder>/try")
@require(*KEEPERS)
def try_rule(ladder: str) -> ResponseReturnValue:
    """Show who would get a mail on a day under the typed days; nothing is stored."""
    it = ladder_of(ladder)
    form = RuleForm.of(it)
    form.tries = True
    if not form.validate():
        return _refused(422, it, form)
    let_go()
    will_write(False)  # planning takes its time and only reads
    day, holding = form.on.data or clock.today(), ladders.ladders_now()
    typed = mornings.dry_run(day, {**holding, it: form.rungs(it)})
    trial = Trial(typed, len(mornings.dry_run(day, holding)))
    if wants_fragment():
        return _rule(it, form, trial=trial)
    return _rules_page(it, form, trial=trial)


@bp.post("/rules/<ladder>/pause")
@require(*KEEPERS)
def pause_rule(ladder: str) -> ResponseReturnValue:
    """Let nobody be reminded by a rule."""
    it = ladder_of(ladder)
    try:
        service.pause_rule(current_user, it, RuleForm.of(it).version.data)
    except ChangedMeanwhile:
        return _stale(it)
    return _saved(f"Đã tạm dừng quy tắc “{labels.LADDERS[it]}”.", it)


@bp.post("/rules/<ladder>/resume")
@require(*KEEPERS)
def resume_rule(ladder: str) -> ResponseReturnValue:
    """Let a rule remind again."""
    it = ladder_of(ladder)
    try:
        service.resume_rule(current_user, it, RuleForm.of(it).version.data)
    except ChangedMeanwhile:
        return _stale(it)
    return _saved(f"Đã bật lại quy tắc “{labels.LADDERS[it]}”.", it)


def _stale(ladder: Ladder, form: RuleForm | None = None) -> ResponseReturnValue:
    """Both versions beside each other; the next press is over the one that is shown now."""
    form = form or _form(ladders.rule(ladder))
    form.form_errors.append(CHANGED)
    form.see_version(ladders.rule(ladder).version)
    return _refused(409, ladder, form)


def _refused(status: int, ladder: Ladder, form: RuleForm) -> ResponseReturnValue:
    return refused(
        status, lambda: _rules_page(ladder, form, status), lambda: _rule(ladder, form, status)
    )


def _saved(message: str, ladder: Ladder) -> ResponseReturnValue:
    return saved(message, url_for(".rules", _anchor=f"rule-{ladder}"), _rule(ladder))


def _form(rule: Rule) -> RuleForm:
    form = RuleForm.of(rule.ladder, formdata=None)
    form.on.data = mornings.coming_mornings(1)[0]
    return form.show(rule.rungs, rule.version)


def _rules_page(
    ladder: Ladder | None = None,
    form: RuleForm | None = None,
    status: int = 200,
    trial: Trial | None = None,
) -> str:
    found = ladders.rules()
    return render_template(
        "reminders/rules.html",
        rules=[(it, form if form and it.ladder is ladder else _form(it)) for it in found],
        asked=ladder,
        status=status,
        trial=trial,
        record=history.of(service.RULES, 0),
        **_words(),
    )


def _rule(
    ladder: Ladder, form: RuleForm | None = None, status: int = 200, trial: Trial | None = None
) -> str:
    it = ladders.rule(ladder)
    return render_template(
        "reminders/_rule.html",
        it=it,
        form=form or _form(it),
        is_open=form is not None,
        status=status,
        trial=trial,
        **_words(),
    )


def _words() -> dict[str, object]:
    return {"rule_words": labels, "most": MOST_SHOWN}

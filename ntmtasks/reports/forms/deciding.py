"""Accepting, returning and unlocking a report."""

from collections.abc import Iterable
from dataclasses import dataclass

from wtforms import (
    HiddenField,
    StringField,
)

from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import Act


class DecisionForm(VersionedForm):
    """Take a report; `back` names the page to which the answer leads."""

    back = HiddenField()

    @property
    def seen(self) -> tuple[int | None, str | None]:
        """The version that the person saw, and the one-time token."""
        return self.version.data, self.form_token.data


class ReasonForm(DecisionForm):
    """Return a report or open a locked period, with a reason."""

    reason = StringField("Lý do", validators=[filled("Hãy ghi lý do."), at_most(1000)])

    @property
    def why(self) -> str:
        """The reason, once the form is valid."""
        return self.reason.data or ""


@dataclass(frozen=True)
class Refusal:
    """A form of accepting, returning or unlocking, shown again with its messages."""

    act: Act
    form: DecisionForm


def decision_forms(
    acts: Iterable[Act], report: Report, back: str = "", refusal: Refusal | None = None
) -> dict[Act, DecisionForm]:
    """The forms of the `acts` that the reader may decide about a report; one that was refused stands in
    its place, even where its act is gone: what was typed is not lost."""
    forms = {act: _fresh(act, report, back) for act in acts}
    return forms | {refusal.act: refusal.form} if refusal else forms


def _fresh(act: Act, report: Report, back: str) -> DecisionForm:
    kind = DecisionForm if act is Act.ACCEPT else ReasonForm
    return kind(formdata=None, data={"version": report.version, "back": back})

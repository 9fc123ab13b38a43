"""What the pages share on which an agency reports progress."""

from collections.abc import Sequence

from ntmtasks.accounts.models import User
from ntmtasks.core.formats import moment
from ntmtasks.desk.forms.work import ProgressForm
from ntmtasks.desk.views.blueprint import CONFLICT
from ntmtasks.progress.queries.updates import newest
from ntmtasks.tasks.models import Assignment


def draft_of(assignment: Assignment) -> str:
    """Under which name the browser keeps what is typed about an assignment, on whichever page."""
    return f"progress-{assignment.id}"


def done_words(user: User, posted: Sequence[Assignment]) -> str:
    """What a person is told who has just reported on these."""
    waiting = sum(a.pending_by_id == user.id for a in posted)
    if len(posted) == 1:
        pending = "Đã lưu; chờ đầu mối cơ quan báo cáo hoàn thành."
        return pending if waiting else "Đã lưu cập nhật tiến độ."
    tail = f"; {waiting} việc chờ đầu mối cơ quan báo cáo hoàn thành" if waiting else ""
    return f"Đã lưu cập nhật tiến độ {len(posted)} việc{tail}."


def changed_meanwhile(form: ProgressForm, assignment: Assignment) -> None:
    """Show the newest text beside the typed one, which is kept and can be sent again."""
    form.form_errors.append(CONFLICT)
    last = newest(assignment.id)
    if last is not None:
        said = f"{last.body} {f'({last.figure})' if last.figure else ''}".strip()
        when = moment(last.made_at)
        form.form_errors.append(f"Bản đang lưu ({last.author_name}, {when}): {said}")
    form.see_version(assignment.version)

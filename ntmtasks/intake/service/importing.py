"""From a reading to a draft plan with tasks."""

from ntmtasks.accounts.models import User
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import Directory
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.text import search_text
from ntmtasks.files import service as files
from ntmtasks.files.models import StoredFile
from ntmtasks.history import service as history
from ntmtasks.intake.models import UnknownName
from ntmtasks.intake.rules.assigning import assignments_for, task_deadline
from ntmtasks.intake.rules.documents import kinds
from ntmtasks.intake.rules.naming import is_anybody
from ntmtasks.intake.rules.omissions import omissions
from ntmtasks.intake.rules.parts import ItemReading, PlanReading
from ntmtasks.plans.models import Clause, Finding, Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Mode, TaskKind
from ntmtasks.tasks.service import drafts


def import_plan(
    actor: User | None, reading: PlanReading, source: bytes, file_name: str, year: int
) -> Plan:
    """Store a document, whose kind is judged by its bytes, and keep what was read of it."""
    with transaction():
        content_type = kinds.CONTENT_TYPES[kinds.kind_of(source)]
        stored = files.store(actor, file_name, source, content_type)
        return keep_reading(actor, reading, stored, year)


def keep_reading(actor: User | None, reading: PlanReading, stored: StoredFile, year: int) -> Plan:
    """Keep a reading as a draft plan: document, clauses, and a draft task for every item."""
    with transaction():
        whole = reading.to_json()
        kept = ("sections", "communes", "funding", "recipients")
        plan = Plan(
            number=reading.number or "",
            title=reading.title or stored.name,
            issuer=reading.issuer or "",
            place=reading.place or "",
            signer=reading.signer or "",
            issued_on=reading.issued_on,
            year=year,
            state=PlanState.DRAFT,
            source_file=stored,
            reading={
                **{name: whole[name] for name in kept},
                "targets": [i.to_json() for i in reading.items if i.kind == "target"],
                "left_out": [o.to_json() for o in omissions(reading.left_out)],
            },
            created_at=clock.now(),
        )
        db.session.add(plan)
        db.session.flush()
        clauses = _keep_clauses(plan, reading)
        directory = agencies.directory()
        known = agencies.by_short_name()
        for item in reading.tasks:
            task = _draft_task(plan, item, clauses.get(item.path), directory, known)
            _keep_unknown_names(task, item)
        _keep_findings(plan, reading)
        history.record(actor, "plan", plan.id, "plan.import", after={"Tệp": stored.name})
        return plan


def _keep_findings(plan: Plan, reading: PlanReading) -> None:
    for position, each in enumerate((f.to_json() for f in reading.findings), 1):
        texts = {name: each[name] for name in ("code", "severity", "message", "remedy", "quote")}
        db.session.add(
            Finding(
                plan_id=plan.id,
                position=position,
                path=each["path"] or "",
                **texts,
            )
        )


def _keep_unknown_names(task: Task, item: ItemReading) -> None:
    """Names that fit no agency wait for somebody to say whom they mean; "các đơn vị" is nobody."""
    for mention in item.agencies:
        if mention.agency is None and not is_anybody(mention.name):
            role = AssignmentRole(mention.role)
            db.session.add(UnknownName(task_id=task.id, name=mention.name, role=role))


def _keep_clauses(plan: Plan, reading: PlanReading) -> dict[str, Clause]:
    by_path: dict[str, Clause] = {}
    parents = {each.parent_path for each in reading.clauses}
    for position, each in enumerate(reading.clauses, 1):
        parent = by_path.get(each.parent_path) if each.parent_path else None
        clause = Clause(
            plan_id=plan.id,
            parent_id=parent.id if parent else None,
            position=position,
            path=each.path,
            label=each.label,
            kind=each.kind,
            text=each.text,
            start=each.start,
            end=each.end,
            search_text=search_text(each.path, each.text),
        )
        db.session.add(clause)
        if each.path in parents:
            db.session.flush()  # its children need its id
        by_path[each.path] = clause
    db.session.flush()
    return by_path


def _draft_task(
    plan: Plan,
    item: ItemReading,
    clause: Clause | None,
    directory: Directory,
    known: dict[str, Agency],
) -> Task:
    mode, owners = assignments_for(item, directory)
    due_on, written, basis = task_deadline(item, plan.year)
    kind = TaskKind(item.task_kind)
    from_annex = item.deadline is not None and item.deadline.basis == "annex"
    new = drafts.NewTask(
        path=item.path,
        section=item.path.partition(".")[0],
        text=item.text,
        kind=kind,
        mode=Mode(mode),
        product=item.product,
        # Recurring and continuous work is judged by its periods; a year's end would say nothing.
        deadline=due_on if kind is TaskKind.CONCRETE else None,
        deadline_text=written,
        deadline_basis=DeadlineBasis(basis),
        deadline_note="phụ lục ghi Quý IV" if from_annex and item.quarter_four else "",
        quarter_four=item.quarter_four,
        recurrence=(item.deadline.recurrence or ()) if item.deadline else (),
        clauses=[clause] if clause else [],
    )
    return drafts.add_draft(
        plan,
        new,
        [
            drafts.NewAssignment(
                known[o.agency], AssignmentRole(o.role), "" if o.named_by_plan else o.reason
            )
            for o in owners
        ],
    )

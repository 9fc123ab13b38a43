"""The command line: `ntmtasks COMMAND`; one clear sentence instead of a traceback."""

import errno
import json
import os
import secrets
import socket
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError, OperationalError

from ntmtasks import paths, sample, server, worker
from ntmtasks.accounts import service as people
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.queries import office_mailbox
from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.app import create_app
from ntmtasks.config import Config, ConfigError, load_config
from ntmtasks.core import clock, logs, settings
from ntmtasks.core.migrate import upgrade
from ntmtasks.intake.rules.omissions import omissions
from ntmtasks.intake.rules.parts import PlanReading
from ntmtasks.intake.service import importing, issuing, reading
from ntmtasks.outbox.jobs import sending as outbox_jobs
from ntmtasks.reminders import service as reminders
from ntmtasks.reminders.queries.planning import plan_day
from ntmtasks.workdays import jobs as workdays_jobs


@click.group()
def commands() -> None:
    """Tasks, reports and reminders out of a province's yearly plan."""


def main() -> None:
    """Entry point: turns expected failures into one sentence on stderr and exit code 1."""
    logs.configure()
    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except ConfigError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        _fail(f"{error.filename} cannot be written; choose a folder that you may write to.")
    except (OperationalError, DatabaseError) as error:
        _fail(
            f"The database cannot be used: {error.orig}. Restore it from a backup or move it away."
        )


def _fail(message: str) -> None:
    click.echo(f"ntmtasks: {message}", err=True)
    sys.exit(1)


def _app() -> Flask:
    """The application with a secret of the instance, or a passing one for commands without pages."""
    config = load_config()
    if not config.secret_key:
        os.environ["NTMTASKS_SECRET_KEY"] = secrets.token_hex(32)
        config = load_config()
    return create_app(config)


def _in_context(act: Callable[[Flask], None]) -> None:
    app = _app()
    with app.app_context():
        config: Config = app.extensions["ntmtasks_config"]
        clock.freeze(config.today or settings.sample_date())
        act(app)


def _read(file: Path, year: int | None, directory: Directory) -> tuple[bytes, PlanReading]:
    try:
        content = file.read_bytes()
        return content, reading.read_document(file.name, content, year, directory)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}.") from None
    except reading.Unreadable as refusal:
        raise click.ClickException(f"{file.name}: {refusal}") from None


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--year", type=click.IntRange(2000, 2100), help="The plan's year.")
def read(file: Path, as_json: bool, year: int | None) -> None:
    """Read a plan without any database and print what was understood."""
    directory = directory_from(json.loads((paths.DATA / "can_tho_2024.json").read_text()))
    _, plan = _read(file, year, directory)
    if as_json:
        click.echo(json.dumps(plan.to_json(), ensure_ascii=False, indent=1))
        return
    click.echo(f"{plan.number or '(no number)'} · {plan.issued_on} · {plan.title}")
    for item in plan.items:
        who = ", ".join(a.name for a in item.agencies)
        if not who and item.proposed:
            who = f"? {item.proposed.agency} ({item.proposed.reason})"
        when = item.deadline.text if item.deadline else "–"
        click.echo(f"{item.path:12} {item.kind:8} {who} | {when} | {item.text[:90]}")
    for finding in plan.findings:
        click.echo(f"[{finding.severity}] {finding.code}: {finding.message} «{finding.quote[:80]}»")
        click.echo(f"    → {finding.remedy}")
    for left in omissions(plan.left_out):
        kind = "not read" if left.weighs else "left out"
        size = f"{left.count} pieces, {left.length} characters"
        click.echo(f"[{kind}] {left.reason} ({size}): «{left.text[:80]}»")


@commands.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(2000, 2100), required=True)
@click.option("--issue", is_flag=True, help="Accept all proposals and issue the tasks.")
def import_(file: Path, year: int, issue: bool) -> None:
    """Read a plan into a draft; --issue makes its items tasks."""

    def act(_app: Flask) -> None:
        content, understood = _read(file, year, agencies.directory())
        plan = importing.import_plan(None, understood, content, file.name, year)
        if issue:
            try:
                issuing.issue_plan(None, plan)
            except issuing.WithoutLead as refusal:
                raise click.ClickException(
                    f"No agency leads {refusal}; review the draft."
                ) from None
        click.echo(f"Plan {plan.number}: {len(understood.tasks)} tasks, {plan.state.value}.")

    _in_context(act)


@commands.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    app = _app()
    app.extensions["ntmtasks_config"].instance.mkdir(parents=True, exist_ok=True)
    upgrade(app)
    with app.app_context():
        clock.freeze(app.extensions["ntmtasks_config"].today or settings.sample_date())
        workdays_jobs.run(clock.now())
    click.echo("The database is up to date.")


@commands.command(name="sample")
def sample_() -> None:
    """Fill an empty instance with the sample plan, agencies, people and activity."""
    _prepare_sample(_app())


def _prepare_sample(app: Flask) -> None:
    app.extensions["ntmtasks_config"].instance.mkdir(parents=True, exist_ok=True)
    upgrade(app)
    with app.app_context():
        empty = sample.is_empty()
    if not empty:
        click.echo("The instance already holds data; it is kept as it is.")
        return
    click.echo("[2/3] Filling the sample instance …")
    sample.build(app, lambda line: click.echo(f"      {line}"))


@commands.command(name="create-user")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([r.value for r in Role]), required=True)
@click.option("--agency", required=True, help="Short name of the agency.")
@click.option("--email", default="")
def create_user(username: str, name: str, role: str, agency: str, email: str) -> None:
    """Add a person and print a one-time password."""

    def act(_app: Flask) -> None:
        known = agencies.by_short_name()
        if agency not in known:
            raise click.ClickException(f"There is no agency {agency!r}.")
        try:
            _, password = people.add_user(
                None, username, name, Role(role), known[agency], email=email
            )
        except people.Refused as error:
            raise click.ClickException(str(error)) from None
        click.echo(f"user: {username}\npassword: {password}")

    _in_context(act)


@commands.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Sweep for this day.")
@click.option("--dry-run", is_flag=True, help="Only list who would get what.")
@click.option("--json", "as_json", is_flag=True)
def remind(day: date | None, dry_run: bool, as_json: bool) -> None:
    """One sweep of the reminders for a day, then empty the outbox."""

    def act(_app: Flask) -> None:
        wanted = date.fromisoformat(str(day)[:10]) if day else clock.today()
        if not dry_run and wanted < clock.today():
            raise click.ClickException(
                f"{wanted} lies before the last recorded day {clock.today()}; use --dry-run."
            )
        clock.freeze(wanted)
        digests = plan_day(wanted)
        if as_json:
            click.echo(json.dumps([d.to_json() for d in digests], ensure_ascii=False, indent=1))
        else:
            for digest in digests:
                shown = digest.to_json()
                click.echo(f"{shown['address']}: {shown['subject']}")
                click.echo("\n".join(f"    {line}" for line in digest.listing))
        if dry_run:
            return
        made = reminders.sweep(wanted)
        sent = outbox_jobs.run(clock.now(), worker.STILL_WANTED, office_mailbox())
        click.echo(f"made: {made.mails} sent: {sent.sent} failed: {sent.failed}", err=True)

    _in_context(act)


@commands.command()
@click.option("--host", default="127.0.0.1")
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Serve pages with gunicorn; reminders come from `ntmtasks worker`."""
    server.run(create_app(load_config()), host, port, workers)


@commands.command(name="worker")
def worker_() -> None:
    """Send reminders and mails until stopped."""
    worker.run_forever(_app())


@commands.command()
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
def run(port: int) -> None:
    """What `make run` calls: the sample instance with pages and worker on 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is busy; choose another one: make run PORT={port + 1}"
            ) from None
    os.environ.setdefault("NTMTASKS_BASE_URL", f"http://127.0.0.1:{port}")
    _make_secret(load_config().instance)
    app = create_app(load_config())
    _prepare_sample(app)
    _announce(app, port)
    server.run(app, "127.0.0.1", port, workers=1, when_ready=lambda: worker.start(app))


def _make_secret(instance: Path) -> None:
    """A secret of its own for this instance; production sets NTMTASKS_SECRET_KEY instead."""
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "secret_key"
    if not file.is_file():
        file.touch(0o600)
        file.write_text(secrets.token_hex(32))


def _announce(app: Flask, port: int) -> None:
    click.echo(f"[3/3] ntmtasks: http://127.0.0.1:{port}")
    with app.app_context():
        password = sample.password()
        if password is None:
            return
        app.extensions["ntmtasks_sample_password"] = password
        for username, _, _, role, agency in sample.ACCOUNTS:
            if accounts.user_by_name(username):
                click.echo(f"      {username:12} {role.value:14} {agency}")
    click.echo(f"password: {password}")


if __name__ == "__main__":
    main()

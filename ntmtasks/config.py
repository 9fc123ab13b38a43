"""Settings from the environment, read and checked once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ntmtasks import paths


class ConfigError(Exception):
    """A setting is missing or wrong; the message is one sentence that says which and what to do."""


@dataclass(frozen=True)
class Config:
    """All settings of one instance (one province).

    `today` freezes the office's date; None lets it run. `files` holds uploaded files. `plans` is where
    real plans for the tests lie. `webhook_private` lets webhooks go to machines of the own network. `secret_key` is empty when nothing gave one: only commands that serve
    pages insist on it.
    """

    instance: Path
    database_url: str
    secret_key: str
    smtp_url: str | None
    mail_from: str
    base_url: str
    today: date | None
    files: Path
    plans: Path
    webhook_private: bool

    @property
    def is_local(self) -> bool:
        """True when links point at this very machine, where cookies cannot insist on HTTPS."""
        return urlsplit(self.base_url).hostname in {"127.0.0.1", "localhost", "::1"}


def load_config(env: Mapping[str, str] = os.environ) -> Config:
    """Read `NTMTASKS_…` from `env`; raises ConfigError with one clear sentence."""
    instance = _instance(env)
    return Config(
        instance=instance,
        database_url=_database_url(env, instance),
        secret_key=_secret_key(env, instance),
        smtp_url=_smtp_url(env),
        mail_from=_mail_from(env),
        base_url=_base_url(env),
        today=_today(env),
        files=Path(env.get("NTMTASKS_FILES") or instance / "files"),
        plans=Path(env.get("NTMTASKS_PLANS") or paths.CHECKOUT.parent / "shared" / "plans"),
        webhook_private=_webhook_private(env),
    )


def _instance(env: Mapping[str, str]) -> Path:
    given = env.get("NTMTASKS_INSTANCE")
    if given:
        return Path(given).resolve()
    if paths.is_installed_wheel():
        raise ConfigError(
            "NTMTASKS_INSTANCE is not set: an installed ntmtasks needs a folder of its own for data."
        )
    return paths.CHECKOUT / "instance"


def _database_url(env: Mapping[str, str], instance: Path) -> str:
    url = env.get("NTMTASKS_DATABASE_URL") or f"sqlite:///{instance / 'ntmtasks.sqlite3'}"
    if url.startswith("postgresql://"):
        return "postgresql+psycopg" + url.removeprefix("postgresql")
    if url.startswith(("postgresql+psycopg://", "sqlite:///")):
        return url
    raise ConfigError("NTMTASKS_DATABASE_URL must begin with postgresql:// or sqlite:///.")


def _secret_key(env: Mapping[str, str], instance: Path) -> str:
    given = env.get("NTMTASKS_SECRET_KEY")
    if given is None:
        file = instance / "secret_key"
        return file.read_text().strip() if file.is_file() else ""
    if len(given) < 32:
        raise ConfigError("NTMTASKS_SECRET_KEY is shorter than 32 characters; use a random one.")
    return given


def _smtp_url(env: Mapping[str, str]) -> str | None:
    url = env.get("NTMTASKS_SMTP_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname:
        raise ConfigError(
            "NTMTASKS_SMTP_URL must look like smtp://host:25, smtp+starttls://user:password@host:587 "
            "or smtps://user:password@host:465."
        )
    if not unquote(f"{parts.username}{parts.password}").isascii():
        raise ConfigError(
            "NTMTASKS_SMTP_URL: the name and the password of the mail server must be plain ASCII "
            "letters, digits and signs; choose another password there."
        )
    return url


def _mail_from(env: Mapping[str, str]) -> str:
    sender = env.get("NTMTASKS_MAIL_FROM", "ntmtasks@example.invalid")
    name, _, domain = parseaddr(sender)[1].partition("@")
    if not (name and domain and f"{name}{domain}".isascii()):
        raise ConfigError("NTMTASKS_MAIL_FROM must be an address such as ntm@example.vn.")
    return sender


def _base_url(env: Mapping[str, str]) -> str:
    url = env.get("NTMTASKS_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError("NTMTASKS_BASE_URL must look like https://ntm.example.vn.")
    return url


def _webhook_private(env: Mapping[str, str]) -> bool:
    given = env.get("NTMTASKS_WEBHOOK_PRIVATE", "0")
    if given not in {"0", "1"}:
        raise ConfigError("NTMTASKS_WEBHOOK_PRIVATE must be 1 or 0.")
    return given == "1"


def _today(env: Mapping[str, str]) -> date | None:
    given = env.get("NTMTASKS_TODAY")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ConfigError("NTMTASKS_TODAY must be a date such as 2024-11-14.") from None

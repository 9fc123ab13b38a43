"""Keeping uploaded files: outside the database, under random names."""

import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from ntmtasks.core import clock
from ntmtasks.core.db import db, if_undone, transaction
from ntmtasks.core.instance import config
from ntmtasks.files import queries
from ntmtasks.files.models import StoredFile
from ntmtasks.history.service import Actor

HELD_FOR = timedelta(days=1)


def store(actor: Actor | None, name: str, content: bytes, content_type: str) -> StoredFile:
    """Keep `content`; the name it came with is only shown, never used on disk."""
    folder: Path = config().files
    folder.mkdir(parents=True, exist_ok=True)
    storage_name = secrets.token_hex(16)
    with transaction():
        row = StoredFile(
            storage_name=storage_name,
            name=name,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_at=clock.now(),
            uploaded_by_id=actor.id if actor else None,
        )
        db.session.add(row)
        db.session.flush()
        if_undone(lambda: (folder / storage_name).unlink(missing_ok=True))
        _write(folder / storage_name, content)
        return row


def hold(actor: Actor, name: str, content: bytes, content_type: str) -> StoredFile:
    """Keep `content` for a day, until `claim` keeps it for good or `forget_expired` drops it."""
    with transaction():
        row = store(actor, name, content, content_type)
        row.keep_until = clock.real_now() + HELD_FOR
        return row


def claim(stored: StoredFile) -> None:
    """Keep a held file for good."""
    with transaction():
        stored.keep_until = None


def release(stored: StoredFile) -> None:
    """Let `forget_expired` drop a file, in a day, that nothing names any more."""
    with transaction():
        stored.keep_until = clock.real_now() + HELD_FOR


def forget_expired() -> int:
    """Drop the held files that nobody has claimed in time; returns how many."""
    with transaction():
        expired = queries.expired(clock.real_now())
        for row in expired:
            (config().files / row.storage_name).unlink(missing_ok=True)
            db.session.delete(row)
        return len(expired)


def _write(path: Path, content: bytes) -> None:
    """Put the bytes on disk for good: the row that names them is about to be committed."""
    with path.open("xb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def open_stored(stored: StoredFile) -> BinaryIO:
    """The content of a stored file, to be read and closed; raises FileNotFoundError."""
    return (config().files / stored.storage_name).open("rb")

"""Files kept outside the database under random names."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base


class StoredFile(Base):
    """One uploaded file: `storage_name` is random, `sha256` proves that it is unchanged.

    `keep_until` (true time) is set while a file waits for a decision about it; NULL = kept for good.
    """

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    storage_name: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    keep_until: Mapped[datetime | None]

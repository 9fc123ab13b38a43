"""Settings are checked once at start, each mistake by one sentence."""

from datetime import date
from pathlib import Path

import pytest

from ntmtasks.app import create_app
from ntmtasks.config import ConfigError, load_config

SECRET = "0123456789abcdef0123456789abcdef"


def test_defaults_stand_below_the_instance(tmp_path: Path) -> None:
    config = load_config({"NTMTASKS_INSTANCE": str(tmp_path)})
    assert config.database_url == f"sqlite:///{tmp_path / 'ntmtasks.sqlite3'}"
    assert config.files == tmp_path / "files"
    assert config.today is None
    assert config.smtp_url is None
    assert config.is_local


def test_values_are_read(tmp_path: Path) -> None:
    config = load_config(
        {
            "NTMTASKS_INSTANCE": str(tmp_path),
            "NTMTASKS_DATABASE_URL": "postgresql://me@db/ntm",
            "NTMTASKS_SECRET_KEY": SECRET,
            "NTMTASKS_TODAY": "2024-11-14",
            "NTMTASKS_SMTP_URL": "smtp+starttls://me:secret@mail.example.vn:587",
            "NTMTASKS_BASE_URL": "https://ntm.example.vn/",
        }
    )
    assert config.database_url == "postgresql+psycopg://me@db/ntm"
    assert config.today == date(2024, 11, 14)
    assert config.base_url == "https://ntm.example.vn"
    assert not config.is_local


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NTMTASKS_DATABASE_URL", "mysql://db"),
        ("NTMTASKS_SECRET_KEY", "short"),
        ("NTMTASKS_SECRET_KEY", ""),
        ("NTMTASKS_SMTP_URL", "mail.example.vn"),
        ("NTMTASKS_SMTP_URL", "smtps://me:m%E1%BA%ADt@mail.example.vn"),
        ("NTMTASKS_MAIL_FROM", "Văn phòng <thư@example.vn>"),
        ("NTMTASKS_BASE_URL", "ntm.example.vn"),
        ("NTMTASKS_TODAY", "14/11/2024"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({"NTMTASKS_INSTANCE": str(tmp_path), name: value})


def test_the_secret_of_the_instance_is_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(SECRET + "\n")
    assert load_config({"NTMTASKS_INSTANCE": str(tmp_path)}).secret_key == SECRET


def test_pages_insist_on_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NTMTASKS_SECRET_KEY"):
        create_app(load_config({"NTMTASKS_INSTANCE": str(tmp_path)}))

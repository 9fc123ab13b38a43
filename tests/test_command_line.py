"""The command line answers an expected failure with one sentence."""

import errno
import sys
from pathlib import Path

import pytest

from ntmtasks import cli


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_that_cannot_be_written_gets_one_sentence(
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file system is mounted read-only by an error of its own, which is no PermissionError."""
    instance = tmp_path / "instance"

    def refuse(self: Path, *_args: object, **_options: object) -> None:
        raise OSError(number, "refused", str(self))

    monkeypatch.setenv("NTMTASKS_INSTANCE", str(instance))
    monkeypatch.setenv("NTMTASKS_BASE_URL", "http://127.0.0.1:23997")
    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr(sys, "argv", ["ntmtasks", "run", "--port", "23997"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert (
        said == f"ntmtasks: {instance} cannot be written; choose a folder that you may write to.\n"
    )

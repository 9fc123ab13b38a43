"""What may be kept of the name under which a file came."""

from ntmtasks.core.text import nfc

NAME_LENGTH = 150


def shown_name(given: str | None) -> str:
    """The file's own name without the folders that some browsers send, its ending kept when cut."""
    name = " ".join(nfc(given or "").replace("\\", "/").rpartition("/")[2].split())
    stem, dot, ending = name.rpartition(".")
    if len(name) > NAME_LENGTH and dot and len(ending) < 10:
        return stem[: NAME_LENGTH - len(ending) - 1] + dot + ending
    return name[:NAME_LENGTH] or "tệp"

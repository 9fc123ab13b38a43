"""Cutting the text of an item in two at the line break that a person put into it."""


def cut(text: str, typed: str) -> tuple[str, str] | None:
    """Both halves, or None where `typed` is not `text` with one more line break inside.

    Blanks at the cut do not count; the words must be those of `text`, so that nothing is lost.
    """
    if typed.split() != text.split():
        return None
    before = text.split("\n")
    for at, line in enumerate(typed.split("\n")):
        if at >= len(before) or " ".join(line.split()) != " ".join(before[at].split()):
            break
    else:
        return None
    first, second = "\n".join(typed.split("\n")[: at + 1]), "\n".join(typed.split("\n")[at + 1 :])
    if not first.strip() or not second.strip():
        return None
    return first.strip(), second.strip()

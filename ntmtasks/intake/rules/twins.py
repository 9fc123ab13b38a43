"""Items of different sections that are one work told twice: what to do, and who does it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.intake.rules.likeness import acts_of, alike
from ntmtasks.intake.rules.proposing import SAME_WORK


@dataclass(frozen=True, slots=True)
class Pair:
    """Two indexes of the items asked about; `act` names what both order where words differ."""

    one: int
    other: int
    likeness: float
    act: str


def pairs(texts: Sequence[str], sections: Sequence[str]) -> list[Pair]:
    """The pairs worth a look, the most alike first; items of one section are never compared."""
    acts = [acts_of(t) for t in texts]
    everybody = range(len(texts))
    found = []
    for i, j, likeness in alike(texts, everybody, everybody):
        act = min(acts[i] & acts[j], default="")
        if i < j and sections[i] != sections[j] and (likeness >= SAME_WORK or act):
            found.append(Pair(i, j, likeness, "" if likeness >= SAME_WORK else act))
    return found


def speaks_of(message: str, one: str, other: str) -> bool:
    """Whether the message of a finding names both clauses ("Mục III.2.a và mục IV.2.-2 …")."""
    named = set(re.findall(r"[Mm]ục (\S+?)[,.:;]?(?=\s|$)", message))
    return {one, other} <= named

"""Which agencies a name that fits none may mean."""

from difflib import SequenceMatcher

from ntmtasks.agencies.rules import Directory, name_key

_AT_LEAST = 0.45  # below it the names share no more than "Sở", "Trung tâm" or the province


def nearest(name: str, directory: Directory, most: int = 3) -> list[str]:
    """The short names of the agencies whose names are nearest to `name`, the nearest first."""
    wanted = name_key(name)
    scores: dict[str, float] = {}
    for agency in directory.agencies:
        names = (agency.name, agency.short_name, *agency.aliases)
        best = max(SequenceMatcher(None, wanted, name_key(n)).ratio() for n in names)
        if best >= _AT_LEAST:
            scores[agency.short_name] = best
    return sorted(scores, key=lambda n: -scores[n])[:most]

"""Which agency a written name means, and which agency looks after a field.

Names vary inside one document ("Văn phòng Điều phối nông thôn mới", "VP ĐP"), so names are
compared folded, with abbreviations written out and words of place ("thành phố", "tỉnh") left
out. A name that fits nothing is not guessed: the caller shows it as unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from ntmtasks.core.text import fold


class AgencyKind(StrEnum):
    """What sort of body an agency is; it decides its place in lists, not its rights."""

    DEPARTMENT = "department"
    OFFICE = "coordinating_office"
    BODY = "body"
    UNION = "union"
    MEDIA = "media"
    DISTRICT = "district"
    CITY = "city"


COMMITTEES = frozenset({AgencyKind.CITY, AgencyKind.DISTRICT})
"""Bodies that decide together: their papers are signed "TM."."""
UNDER_THE_CITY = frozenset({AgencyKind.DEPARTMENT, AgencyKind.OFFICE, AgencyKind.BODY})
"""Bodies whose papers name the city's committee above their own name."""


class AreaKind(StrEnum):
    """What sort of area; after 01/07/2025 a commune has no district."""

    COMMUNE = "commune"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """One agency of the directory; ``short_name`` is its key in every other place."""

    short_name: str
    name: str
    kind: AgencyKind
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A name that plans use for several agencies at once; members are short names."""

    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A field of work: phrases that speak of it, and the short name of who usually leads it."""

    name: str
    keywords: tuple[str, ...]
    agency: str


# Abbreviations in use in plans (domain.md, section 5); the key is folded and without spaces or
# punctuation. Longer keys are tried on whole words only, so "tc" inside a word stays.
ABBREVIATIONS: Mapping[str, str] = {
    "nnptnt": "nong nghiep va phat trien nong thon",
    "nnmt": "nong nghiep va moi truong",
    "tnmt": "tai nguyen va moi truong",
    "khdt": "ke hoach va dau tu",
    "khcn": "khoa hoc va cong nghe",
    "gddt": "giao duc va dao tao",
    "tttt": "thong tin va truyen thong",
    "ldtbxh": "lao dong thuong binh va xa hoi",
    "vhttdl": "van hoa the thao va du lich",
    "gtvt": "giao thong van tai",
    "ubmttqvn": "uy ban mat tran to quoc viet nam",
    "ubmttq": "uy ban mat tran to quoc",
    "ubmt": "uy ban mat tran",
    "mttq": "mat tran to quoc",
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "lhpn": "lien hiep phu nu",
    "vpdp": "van phong dieu phoi",
    "vp": "van phong",
    "dp": "dieu phoi",
    "ca": "cong an",
    "bchqs": "bo chi huy quan su",
    "ptth": "phat thanh va truyen hinh",
    "ptnt": "phat trien nong thon",
    "htx": "hop tac xa",
    "ntm": "nong thon moi",
    "mtqg": "muc tieu quoc gia",
    "tp": "thanh pho",
    "bql": "ban quan ly",
    "ccb": "cuu chien binh",
    "ldld": "lien doan lao dong",
}

_NOT_WORD = re.compile(r"[^\w]+")
_PLACE = {"thanh pho", "tinh", "viet nam", "tp"}
_PLACE_WORDS = 8
_LEADERS = ("giam doc ", "thu truong ", "lanh dao ", "cac ", "don vi ")


@lru_cache(maxsize=2048)
def expand_abbreviations(text: str) -> str:
    """Return ``text`` folded, with known abbreviations written out and no punctuation."""
    return " ".join(" ".join(full for _, full in _expansions(text)).split())


def _expansions(text: str) -> Iterator[tuple[int, str]]:
    """Yield (tokens used so far, words written out) along ``text``.

    An abbreviation may be broken by ``&``, a dash, a comma or a space ("NN & PTNT",
    "VH,TT&DL", "VP. ĐP"), so runs of up to three tokens are tried, the longest first.
    """
    tokens = fold(text).split()
    bare = [t if t.isalnum() else _NOT_WORD.sub("", t) for t in tokens]
    i = 0
    while i < len(tokens):
        for width in (4, 3, 2, 1):
            full = ABBREVIATIONS.get("".join(bare[i : i + width]))
            if full and i + width <= len(tokens):
                i += width
                yield i, full
                break
        else:
            i += 1
            yield (
                i,
                bare[i - 1] if bare[i - 1] == tokens[i - 1] else _NOT_WORD.sub(" ", tokens[i - 1]),
            )


def name_key(text: str) -> str:
    """Return the form in which agency names are compared: expanded, without words of place."""
    return _without_place(expand_abbreviations(text))


def _without_place(expanded: str) -> str:
    key = f" {expanded} "
    for place in _PLACE:
        key = key.replace(f" {place} ", " ")
    key = key.strip()
    for leader in _LEADERS:
        key = key.removeprefix(leader)
    return key


@dataclass(frozen=True)
class Directory:
    """The agencies, groups and fields that a reading is matched against."""

    agencies: tuple[AgencyEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    fields: tuple[FieldEntry, ...] = ()
    place: str = ""
    _keys: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _longest: int = field(default=0, init=False, repr=False, compare=False)
    """Words of the longest name, with room for those that a key goes without."""

    def __post_init__(self) -> None:
        """Build the table of comparable names; the first entry that claims a name keeps it."""
        for agency in self.agencies:
            self._claim(agency.short_name, (agency.name, agency.short_name, *agency.aliases))
        for group in self.groups:
            self._claim(group.name, (group.name, *group.aliases))
        longest = max((len(key.split()) for key in self._keys), default=0)
        object.__setattr__(self, "_longest", longest + _PLACE_WORDS)

    def _claim(self, target: str, names: Iterable[str]) -> None:
        for name in names:
            self._keys.setdefault(self._key(name), target)

    def _key(self, text: str) -> str:
        return self._own(name_key(text))

    def _own(self, key: str) -> str:
        """Return a key without the directory's own place, but never one word alone.

        "Báo Cần Thơ" without its place would be any "Báo" of any province.
        """
        own = fold(self.place)
        bare = key.removesuffix(f" {own}") if own else key
        return bare if " " in bare else key

    def match(self, text: str) -> str | None:
        """Return the agency's short name or the group's name that ``text`` means, or None."""
        return self._named(self._key(text))

    def _named(self, key: str) -> str | None:
        alone = key.removesuffix(" lien quan")
        found = self._keys.get(key) or self._keys.get(alone)
        if found is None and alone.startswith("nganh "):
            # A sector is looked after by its department: "ngành Y tế" is Sở Y tế.
            found = self._keys.get(f"so {alone.removeprefix('nganh ')}")
        return found

    def longest_agency(self, text: str) -> tuple[str, int] | None:
        """Return the agency that the longest run of words at the beginning means, and its length.

        The length counts words between spaces. One word alone and groups do not count.
        """
        written: list[str] = []
        found = None
        for used, full in _expansions(text):
            written.append(full)
            if used > self._longest:
                break
            key = _without_place(" ".join(" ".join(written).split()))
            name = self._named(self._own(key)) if used > 1 else None
            if name and not self.is_group(name):
                found = (name, used)
        return found

    @property
    def office(self) -> str:
        """Return the short name of the coordinating office, or "" in a directory without one."""
        kinds = (a.short_name for a in self.agencies if a.kind is AgencyKind.OFFICE)
        return next(kinds, "")

    def members_of(self, group_name: str) -> tuple[str, ...]:
        """Return the short names of a group's members; () where there is no such group."""
        return next((g.members for g in self.groups if g.name == group_name), ())

    def is_group(self, name: str) -> bool:
        """Tell whether ``name`` is the name of a group (not of an agency)."""
        return any(g.name == name for g in self.groups)

    def agency(self, short_name: str) -> AgencyEntry | None:
        """Return the entry with this short name, or None."""
        return next((a for a in self.agencies if a.short_name == short_name), None)


def directory_from(data: Mapping[str, Any]) -> Directory:
    """Return the directory that a seed file (``data/can_tho_2024.json``) describes.

    Raises KeyError or ValueError for a file that lacks a name or has an unknown kind: a seed is
    written by us, so a wrong one should stop the start.
    """
    return Directory(
        agencies=tuple(
            AgencyEntry(
                a["short_name"], a["name"], AgencyKind(a["kind"]), tuple(a.get("aliases", ()))
            )
            for a in data["agencies"]
        ),
        groups=tuple(
            GroupEntry(g["name"], tuple(g.get("aliases", ())), tuple(g["members"]))
            for g in data.get("groups", ())
        ),
        fields=tuple(
            FieldEntry(f["name"], tuple(f["keywords"]), f["agency"]) for f in data.get("fields", ())
        ),
        place=str(data.get("place", "")),
    )

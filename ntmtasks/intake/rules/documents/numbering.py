"""Word's automatic numbering: which label stands in front of a paragraph (ECMA-376, 17.9).

A paragraph names a list (``numId``) and a level, itself or by its style; a list is one use of an
abstract list, whose levels say how they count. Lists of one abstract list count on together.
"""

from dataclasses import dataclass, field

from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DASHES = frozenset("-–—−‒")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and prints."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    paragraph_style: str = ""
    indent: int = 0


@dataclass
class Numbering:
    """All lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    own: dict[tuple[str, int], Level] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    seen: set[tuple[str, int]] = field(default_factory=set)
    bullet_indent: int | None = None

    def level_of_style(self, num_id: str, style: str) -> int:
        """Return the level of a list that is linked to a paragraph style, 0 without one."""
        levels = self.levels.get(self.lists.get(num_id, ""), {})
        return next((i for i, level in levels.items() if level.paragraph_style == style), 0)

    def plain(self) -> None:
        """Note a paragraph without a label: what looks like bullets of bullets ends there."""
        self.bullet_indent = None

    def label(self, num_id: str, at: int) -> str:
        """Count one more and return the label as printed, "" where the list prints none."""
        abstract = self.lists.get(num_id)
        if abstract is None:
            return ""
        level = self._level(num_id, at)
        counts = self.counts.setdefault(abstract, {})
        if (num_id, at) in self.starts and (num_id, at) not in self.seen:
            counts[at] = self.starts[num_id, at]
        else:
            counts[at] = counts[at] + 1 if at in counts else level.start
        self.seen.add((num_id, at))
        for deeper in [d for d in counts if d > at]:
            after = self._level(num_id, deeper).restart
            if after is None or (after > 0 and at < after):
                del counts[deeper]
        return self._bullet(level, at) if level.style == "bullet" else self._number(num_id, at)

    def _level(self, num_id: str, at: int) -> Level:
        own = self.own.get((num_id, at))
        return own or self.levels.get(self.lists[num_id], {}).get(at, Level())

    def _number(self, num_id: str, at: int) -> str:
        self.bullet_indent = None
        level = self._level(num_id, at)
        counts, text = self.counts[self.lists[num_id]], level.text
        if level.style == "none" and "%" not in text:
            return text
        for i in range(at + 1):
            each = self._level(num_id, i)
            style = "decimal" if level.legal else each.style
            text = text.replace(f"%{i + 1}", printed(counts.get(i, each.start), style))
        # "1" alone would be a figure of the sentence behind it.
        return f"{text}." if text[-1:].isalnum() else text

    def _bullet(self, level: Level, at: int) -> str:
        """Return "-" or "+": what plans print on their two levels of bullets.

        Other marks say only how deep they stand: below another bullet, they are plus signs.
        """
        mark = level.text.strip()
        if mark[:1] in _DASHES or mark[:1] == "+":
            self.bullet_indent = None
            return "+" if mark[0] == "+" else "-"
        if at > 0 or (self.bullet_indent is not None and level.indent > self.bullet_indent):
            return "+"
        self.bullet_indent = level.indent
        return "-"


def printed(number: int, style: str) -> str:
    """Return a number in one of Word's number formats; unknown ones count in figures."""
    if style in ("lowerLetter", "upperLetter"):
        repeated = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return repeated.upper() if style == "upperLetter" else repeated
    if style in ("lowerRoman", "upperRoman"):
        return _roman(number).upper() if style == "upperRoman" else _roman(number)
    if style == "decimalZero":
        return f"{number:02}"
    return "" if style == "none" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text


def read_numbering(root: _Element | None) -> Numbering:
    """Return the lists that ``numbering.xml`` defines."""
    found = Numbering()
    if root is None:
        return found
    named: dict[str, str] = {}  # list style → the abstract list that defines it
    links: dict[str, str] = {}
    for abstract in root.findall(f"{W}abstractNum"):
        key = abstract.get(f"{W}abstractNumId", "")
        found.levels[key] = {
            number(each.get(f"{W}ilvl")): _read_level(each) for each in abstract.findall(f"{W}lvl")
        }
        if style := value_of(abstract, "styleLink"):
            named[style] = key
        if link := value_of(abstract, "numStyleLink"):
            links[key] = link
    for num in root.findall(f"{W}num"):
        num_id, key = num.get(f"{W}numId", ""), value_of(num, "abstractNumId") or ""
        found.lists[num_id] = named.get(links.get(key, ""), key)
        for override in num.findall(f"{W}lvlOverride"):
            at = number(override.get(f"{W}ilvl"))
            if (start := value_of(override, "startOverride")) is not None:
                found.starts[num_id, at] = number(start)
            if (own := override.find(f"{W}lvl")) is not None:
                found.own[num_id, at] = _read_level(own)
    return found


def _read_level(level: _Element) -> Level:
    restart = value_of(level, "lvlRestart")
    indent = level.find(f"{W}pPr/{W}ind")
    left = indent.get(f"{W}left") or indent.get(f"{W}start") if indent is not None else None
    return Level(
        start=number(value_of(level, "start"), 1),
        style=value_of(level, "numFmt") or "decimal",
        text=value_of(level, "lvlText") or "",
        restart=None if restart is None else number(restart),
        legal=level.find(f"{W}isLgl") is not None,
        paragraph_style=value_of(level, "pStyle") or "",
        indent=number(left),
    )


def value_of(parent: _Element, name: str) -> str | None:
    """Return the value of a child such as ``<w:start w:val="1"/>``, None without it."""
    child = parent.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def number(text: str | None, otherwise: int = 0) -> int:
    """Return a whole number, ``otherwise`` for what is none: files lie about their numbers."""
    return int(text) if text and text.lstrip("-").isdecimal() and len(text) < 5 else otherwise

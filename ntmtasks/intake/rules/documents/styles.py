"""Word's styles, as far as they decide what is read: numbering, capitals, hidden text, fonts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from ntmtasks.intake.rules.documents.numbering import Numbering, W, number, value_of

_DEPTH = 30  # how long a chain of styles may be; a file may make it a circle


@dataclass(frozen=True, slots=True)
class Style:
    """One style; what it does not say comes from the one that it is based on."""

    based_on: str | None = None
    num_id: str | None = None
    level: int | None = None
    look: Look | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the properties of a run say; None where they say nothing."""

    caps: bool | None = None
    hidden: bool | None = None
    font: str | None = None


@dataclass
class Styles:
    """All styles of a document."""

    known: dict[str, Style] = field(default_factory=dict)
    paragraph: str = ""
    defaults: Look = Look()

    def numbering(
        self, properties: _Element | None, numbering: Numbering
    ) -> tuple[str, int] | None:
        """Return (list, level) of a paragraph, by itself or by its style; None without a list."""
        style = self.of_paragraph(properties)
        own = properties.find(f"{W}numPr") if properties is not None else None
        num_id = value_of(own, "numId") if own is not None else None
        level = value_of(own, "ilvl") if own is not None else None
        for name, each in self._chain(style):
            if num_id is None and each.num_id is not None:
                num_id = each.num_id
                if level is None:
                    given = each.level or numbering.level_of_style(num_id, name)
                    return None if num_id == "0" else (num_id, given)
        return None if num_id in (None, "0") else (num_id or "", min(max(number(level), 0), 8))

    def of_paragraph(self, properties: _Element | None) -> str:
        """Return the style of a paragraph with these properties."""
        named = value_of(properties, "pStyle") if properties is not None else None
        return named or self.paragraph

    def look(self, properties: _Element | None, paragraph_style: str) -> Look:
        """Return how a run looks: its own properties, its style, the paragraph's, the defaults."""
        found = [read_look(properties)]
        if properties is not None and (named := value_of(properties, "rStyle")):
            found += [s.look for _, s in self._chain(named) if s.look]
        found += [s.look for _, s in self._chain(paragraph_style) if s.look]
        found.append(self.defaults)
        return Look(
            next((x.caps for x in found if x.caps is not None), None),
            next((x.hidden for x in found if x.hidden is not None), None),
            next((x.font for x in found if x.font is not None), None),
        )

    def _chain(self, name: str | None) -> Iterator[tuple[str, Style]]:
        for _ in range(_DEPTH):
            style = self.known.get(name or "")
            if style is None:
                return
            yield name or "", style
            name = style.based_on


def read_look(properties: _Element | None) -> Look:
    """Return what ``<w:rPr>`` says."""
    if properties is None:
        return Look()
    fonts = properties.find(f"{W}rFonts")
    return Look(
        caps=_switch(properties, "caps"),
        hidden=_switch(properties, "vanish"),
        font=fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") if fonts is not None else None,
    )


def _switch(properties: _Element, name: str) -> bool | None:
    child = properties.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val", "1") not in ("0", "false", "off")


def read_styles(root: _Element | None) -> Styles:
    """Return the styles that ``styles.xml`` defines."""
    found = Styles()
    if root is None:
        return found
    found.defaults = read_look(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    for style in root.findall(f"{W}style"):
        name, listed = style.get(f"{W}styleId", ""), style.find(f"{W}pPr/{W}numPr")
        level = value_of(listed, "ilvl") if listed is not None else None
        found.known[name] = Style(
            based_on=value_of(style, "basedOn"),
            num_id=value_of(listed, "numId") if listed is not None else None,
            level=None if level is None else number(level),
            look=read_look(style.find(f"{W}rPr")),
        )
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
            found.paragraph = name
    return found

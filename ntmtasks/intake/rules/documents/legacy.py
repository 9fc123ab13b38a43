"""Vietnamese of the time before Unicode: TCVN3 ("ABC", fonts .Vn…) and VNI (fonts VNI-…).

Both write Vietnamese letters with the codes of Latin-1, so that without their fonts "Kế hoạch"
reads "KÕ ho¹ch" or "Keá hoaïch". The tables are those of TCVN 5712:1993 (VN3) and VNI Windows.
"""

import re
import unicodedata
from enum import Enum

_TCVN3 = str.maketrans(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§μ−",
    "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐàư",
)
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
# VNI writes a letter and behind it a mark, which stands for one or two marks of Unicode.
_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE,
    "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE,
    "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_ALONE = str.maketrans("ôöñîæóòÔÖÑÎÆÓÒ", "ơưđỵỉĩịƠƯĐỴỈĨỊ")
_VNI = re.compile(f"([aeouyôö])([{''.join(_MARKS)}])|([ôöñîæóò])", re.I)

_NUCLEI = (
    "a ă â e ê i o ô ơ u ư y ia iê ya yê ua uâ uê ui uô uơ uy uya uyê ưa ươ oa oă oe oo ai ao au ay "
    "âu ây eo êu iu iêu yêu oi ôi ơi oai oay oao oeo uôi ươi ươu ưi ưu uây uyu uă uai uay"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|g|kh|k|ph|p|qu|q|th|tr|t|ch|c|[bdđhlmnrsvx])?"
    rf"(?:{'|'.join(sorted(_NUCLEI.split(), key=len, reverse=True))})(?:ch|ng|nh|[cmnpt])?"
)
_SAMPLE = 200_000  # characters that are looked at; a page has about 3000
_ENOUGH = 20  # words with marks, fewer prove nothing


class Encoding(Enum):
    """An old encoding; fonts of TCVN3 whose name ends in H print small letters as capitals."""

    TCVN3 = "TCVN3"
    TCVN3_CAPITALS = "TCVN3 capitals"
    VNI = "VNI"

    def to_unicode(self, text: str) -> str:
        """Return the text that these codes mean."""
        if self is Encoding.VNI:
            return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))
        plain = text.translate(_TCVN3)
        return plain.upper() if self is Encoding.TCVN3_CAPITALS else plain


def _vni_letter(m: re.Match[str]) -> str:
    if m[3]:
        return m[3].translate(_ALONE)
    return m[1].translate(_ALONE) + _MARKS[m[2].lower()]


def of_font(font: str | None, text: str) -> Encoding | None:
    """Return the encoding that a font's name means, None for fonts of Unicode.

    Text that holds letters beyond Latin-1 is Unicode, whatever font somebody put on it.
    """
    if font is None or any(0x100 <= ord(c) < 0x2000 or 0x1E00 <= ord(c) < 0x1F00 for c in text):
        return None
    if font.upper().startswith("VNI-"):
        return Encoding.VNI
    if font.startswith((".Vn", ".VN")):
        return Encoding.TCVN3_CAPITALS if font.rstrip().endswith("H") else Encoding.TCVN3
    return None


def plausibility(text: str) -> float | None:
    """Return which share of the words with marks are syllables of Vietnamese; None for few."""
    words = [w for w in re.findall(r"[^\s!-@\[-`{-~–—“”‘’…]+", text[:_SAMPLE]) if not w.isascii()]
    if len(words) < _ENOUGH:
        return None
    return sum(is_syllable(w) for w in words) / len(words)


def is_syllable(word: str) -> bool:
    """Tell whether Vietnamese has such a syllable, whatever its tone."""
    plain = unicodedata.normalize("NFD", word.lower())
    bare = re.sub(f"[{_GRAVE}{_ACUTE}{_HOOK}{_TILDE}{_DOT}]", "", plain)
    if len(plain) - len(bare) > 1:
        return False
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)) is not None


def detect(text: str) -> Encoding | None:
    """Return the old encoding in which a whole text is written, None for Unicode."""
    now = plausibility(text)
    if now is None or now >= 0.8:
        return None
    tried = {e: plausibility(e.to_unicode(text)) or 0 for e in (Encoding.TCVN3, Encoding.VNI)}
    best = max(tried, key=lambda e: tried[e])
    return best if tried[best] >= max(0.8, now + 0.1) else None

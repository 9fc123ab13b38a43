"""Slips of scanned or retyped text: letters that Vietnamese does not put together.

A wrong mark mostly gives another syllable that exists ("phân đầu"), so common words of
administration are known by heart; all else is a matter of spelling. Names, abbreviations and
foreign words are left alone: they keep their own rules.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ntmtasks.core.text import CAPITALS, SMALLS, fold
from ntmtasks.intake.rules.bodies import tidy
from ntmtasks.intake.rules.documents.legacy import is_syllable

# Words of two syllables that nearly every plan has.
_USUAL = (
    "phấn đấu|tổ chức|thực hiện|kế hoạch|nông thôn|xây dựng|phối hợp|báo cáo|triển khai|đơn vị|"
    "cơ quan|hội nghị|tổng kết|tổng hợp|thành phố|nhiệm vụ|kinh phí|tăng cường|hướng dẫn|kiểm tra|"
    "giám sát|vật tư|địa phương|tuyên truyền|chủ trì|ủy ban|nhân dân|ngân sách|đánh giá|"
    "tiêu chí|chỉ tiêu|nâng cao|chính sách|quyết định|nghị quyết|đôn đốc|rà soát|thẩm định"
)
_USUAL_BY_FOLD = {fold(w): w for w in _USUAL.split("|")}
# Other words, or the end of one and the beginning of the next, that look alike without marks.
_ALSO = frozenset(
    [
        "phần đầu",
        "có quan",
        "cổ quan",
        "có quản",
        "cơ quản",
        "có quân",
        "vật từ",
        "vật tự",
        "nhận dân",
        "nhãn dán",
        "chi tiêu",
        "tiêu chỉ",
        "tiêu chi",
        "năng cao",
        "nặng cao",
        "nắng cao",
        "thức hiện",
        "danh giá",
        "đánh gia",
        "giảm sát",
        "báo cao",
    ]
)
# First syllables that begin hardly another word: "xây dựng xây" repeats, "chủ trì chủ động" does not.
_REPEATS = frozenset(["xây", "triển", "tuyên", "phối", "đôn", "rà", "phấn"])
_PAIR = re.compile(rf"(?<![\w-])(?:{'|'.join(_USUAL_BY_FOLD)})(?![\w-])")
# One plain small letter for each of NFC, so that places stay.
_PLAIN = str.maketrans(
    {
        c: unicodedata.normalize("NFD", c)[0].lower()
        for c in map(chr, range(0x41, 0x1EFA))
        if c.isalpha()
    }
    | {"đ": "d", "Đ": "d"}
)
_WORD = re.compile(r"(?<![\w/&.@-])[^\W\d_]+(?![\w/&@]|-\w|\.\w)")
_TONES = str.maketrans(dict.fromkeys("\u0300\u0301\u0303\u0309\u0323"))
_STOPPED = re.compile(r"(?:ch|[cpt])$")
# l and O for 1 and 0 in a date or number: "l5/6/2025", "2O25".
_DIGITS = re.compile(
    r"(?<!\w)(?:[lO]\d?[/.]\d{1,2}(?:[/.]\d{4})?|\d+[lO](?:\d*[/.]\d+|\d+)|\d+[/.][lO]\d*[/.]\d+)(?!\w)"
)
_IN_WORD = re.compile(rf"(?<!\w)[{SMALLS}{CAPITALS}]?[{SMALLS}]+[01][{SMALLS}]+(?!\w)")
_CAPITAL = re.compile(rf"(?<!\w)[{CAPITALS}]?[{SMALLS}]+[{CAPITALS}][{SMALLS}]+(?!\w)")
_SCRAP = re.compile(r"(?<!\S)\*\w{1,4}\*$")


def slips(text: str) -> Iterator[tuple[str, str]]:
    """Yield (the words as written, what is odd about them, in Vietnamese)."""
    yield from _odd_pairs(text)
    for m in _WORD.finditer(text):
        if _misspelt(m.group()):
            yield m.group(), "không phải âm tiết tiếng Việt"
    for m in _DIGITS.finditer(text):
        yield m.group(), "chữ cái lẫn trong số"
    for m in _IN_WORD.finditer(text):
        yield m.group(), "chữ số lẫn trong từ"
    for m in _CAPITAL.finditer(text):
        if not m.group().isascii():  # "YouTube", "MobiFone" are names
            yield m.group(), "chữ hoa giữa từ"
    if m2 := _SCRAP.search(text):
        yield m2.group(), "ký hiệu lạ ở cuối dòng"


def _odd_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield usual words with other marks, and their first syllable doubled ("xây dựng xây")."""
    for m in _PAIR.finditer(text.translate(_PLAIN)):
        written = text[m.start() : m.end()]
        usual = _USUAL_BY_FOLD[m.group()]
        spelled = tidy(written).casefold()
        if spelled == usual:
            first = usual.split()[0]
            behind = first if first in _REPEATS else usual
            again = re.compile(rf" (?:{usual}|{behind})\b").match(text, m.end())
            if again:
                yield f"{written}{again.group()}", "lặp từ"
        elif spelled not in _ALSO and " " in written and not written.isascii():
            yield written, f"có thể là “{usual}”"


@lru_cache(maxsize=4096)  # a plan has some thousand different words
def _misspelt(word: str) -> bool:
    """Tell whether a word with Vietnamese letters is none of its syllables.

    Capitalised words are names ("Đắk Lắk", "Krông"), capitals abbreviations; a word that parts
    into two syllables is a loan ("vectơ") unless both have their tone ("thựchiện").
    """
    if word.isascii() or len(word) < 2 or not word.islower():
        return False
    plain = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", plain.translate(_TONES))
    tones = len(plain) - len(plain.translate(_TONES))
    if not re.search("[aeiouyăâêôơư]", bare):
        return False
    if is_syllable(word):
        # A syllable that ends in a stop has a rising or a falling tone alone.
        return _STOPPED.search(bare) is not None and not re.search("[\u0301\u0323]", plain)
    return tones > 1 or not any(
        is_syllable(bare[:i]) and is_syllable(bare[i:]) for i in range(1, len(bare))
    )

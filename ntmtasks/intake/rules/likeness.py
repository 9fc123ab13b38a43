"""How alike two items are, by the word pairs that they share.

Items of one plan share its subject ("xây dựng nông thôn mới") in every sentence, so a pair of
words counts the less the more items use it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log

from ntmtasks.core.text import fold


def word_pairs(text: str) -> frozenset[str]:
    """Return the neighbouring word pairs of a text, folded, without punctuation."""
    words = re.findall(r"[^\W_]+", fold(text))
    return frozenset(f"{a} {b}" for a, b in pairwise(words))


def alike(
    texts: Sequence[str], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int, float]]:
    """Return (i, j, likeness) for indexes of ``left`` × ``right``, the most alike first.

    Likeness is the weight that both share in relation to the lighter one: 0 to 1. A short item
    that repeats a part of a long one is near 1.
    """
    pairs = [word_pairs(t) for t in texts]
    spread = Counter(p for ps in pairs for p in ps)
    weight = {p: log(len(texts) / n) for p, n in spread.items()}
    total = [sum(weight[p] for p in ps) for ps in pairs]
    found = []
    for i in left:
        for j in right:
            lighter = min(total[i], total[j])
            if i != j and lighter > 0:
                shared = sum(weight[p] for p in pairs[i] & pairs[j])
                found.append((i, j, shared / lighter))
    return sorted(found, key=lambda f: (-f[2], f[0], f[1]))


# Acts that a coordinating office does once for everybody: two items that name the same act are
# worth a look even where their words differ.
_ACTS: tuple[tuple[str, str], ...] = (
    ("hội nghị, hội thảo", r"(to chuc|mo) .{0,200}(hoi nghi|hoi thao)"),
    ("kiểm tra các xã", r"kiem tra.{0,60}(cac xa|qua trinh)"),
    ("hồ sơ công nhận", r"ho so, thu tuc.{0,12}cong nhan"),
    ("đánh giá tiêu chí", r"to chuc danh gia.{0,60}tieu chi"),
    ("học tập kinh nghiệm", r"hoc tap kinh nghiem"),
)


def same_act(one: str, other: str) -> str:
    """Return the name of the act that both texts order, or ""."""
    a, b = fold(one), fold(other)
    return next((name for name, act in _ACTS if re.search(act, a) and re.search(act, b)), "")

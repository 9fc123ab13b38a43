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

_MOST = 3_000  # texts: ten times what plans hold; comparing more would take seconds
_COMMON = 200  # items: a pair of words in more of them than this tells none apart


def word_pairs(text: str) -> frozenset[str]:
    """Return the neighbouring word pairs of a text, folded, without punctuation."""
    words = re.findall(r"[^\W_]+", fold(text))
    return frozenset(f"{a} {b}" for a, b in pairwise(words))


def alike(
    texts: Sequence[str], left: Sequence[int], right: Sequence[int]
) -> list[tuple[int, int, float]]:
    """Return (i, j, likeness) for indexes of ``left`` × ``right``, the most alike first.

    Likeness is the weight that both share in relation to the lighter one: 0 to 1. A short item
    that repeats a part of a long one is near 1. Pairs that share nothing are left out; of more
    than ``_MOST`` texts all are.
    """
    if len(texts) > _MOST:
        return []
    pairs = [word_pairs(t) for t in texts]
    spread = Counter(p for ps in pairs for p in ps)
    # What very many items say tells none apart, and would make long documents quadratic.
    weight = {p: log(len(texts) / n) for p, n in spread.items() if n <= _COMMON}
    total = [sum(weight.get(p, 0.0) for p in ps) for ps in pairs]
    holders: dict[str, list[int]] = {}
    for j in right:
        for pair in pairs[j]:
            holders.setdefault(pair, []).append(j)
    found = []
    for i in left:
        shared: dict[int, float] = {}
        for pair in pairs[i]:
            for j in holders.get(pair, ()) if pair in weight else ():
                shared[j] = shared.get(j, 0.0) + weight[pair]
        lighter = {j: min(total[i], total[j]) for j in shared}
        found += [(i, j, shared[j] / lighter[j]) for j in shared if i != j and lighter[j] > 0]
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


def acts_of(text: str) -> frozenset[str]:
    """Return the names of the acts that a text orders."""
    folded = fold(text)
    return frozenset(name for name, act in _ACTS if re.search(act, folded))

"""Agencies in running text: where a name begins, where it ends, and in which role it stands.

Vietnamese writes the name of a body with capitals ("Trung tâm Kiểm soát bệnh tật") and verbs
without, so a name ends at the first verb in small letters. Words for anybody ("các cơ quan, đơn
vị", "các cấp", "địa phương") are no agency unless the plan puts them where it assigns work.
"""

import re

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import CAPITALS, SMALLS, fold

# Heads that need a name behind them, written with a capital: "Sở Tài chính", but "Ban hành" and
# "Hội nghị" are no bodies.
_NAMED = (
    r"(?:Sở|Ban|Văn phòng|Cục|Chi cục|Hội đồng|Hội|Hiệp hội|Liên minh|Liên đoàn|Liên hiệp|Đoàn|Đài|"
    r"Báo|Bộ|Trung tâm|Trường|Viện|Quỹ|Phòng|Tổng|Tổng công ty|Công ty|Ngân hàng|Học viện|Tổ|Chi "
    r"nhánh|Bệnh viện|Đại học|Kho bạc|Thanh tra|Bảo hiểm|Tòa án|Toà án|Thường trực|Đảng uỷ|Đảng ủy|"
    r"Bưu điện|Điện lực|Viễn thông|Hạt|Đội|Đồn|Nhà|Vườn|Ban chỉ đạo|Ban quản lý|Ban chỉ huy|"
    r"Cơ quan|"
    r"Đoàn thanh niên|Hội phụ nữ|Hội nông dân|Hội cựu chiến binh|Thủ trưởng|Giám đốc|Chủ tịch|"
    r"Tập đoàn|Cổng)"
    rf"(?=\s+(?:[{CAPITALS}]|các |và |thông tin|nhân dân|quản lý|chỉ đạo|chỉ huy|y tế))"
)
_WHOLE = (
    r"(?:(?:Ủy|Uỷ) ban|UBND|UBMTTQVN|UBMTTQ|UBMT|MTTQ|Mặt trận|Công an|CA tỉnh|Quân khu|Bộ đội|"
    r"Thành đoàn|Tỉnh đoàn|Thành ủy|Tỉnh ủy|Tỉnh uỷ|HĐND|BQL|BCĐ|BCHQS|VNPT|Viettel|Trung tâm|"
    r"Đoàn Thanh niên|Đoàn TNCS|Thuế|Hải quan|Văn phòng|Cấp ủy)(?![\w])"
)
_MANY = (
    r"(?:[Cc]ác|[Nn]hững)\s+(?:[Ss]ở|[Bb]an|[Nn]gành|[Cc]ơ quan|[Đđ]ơn vị|[Đđ]oàn thể|[Hh]ội|"
    r"[Tt]ổ chức|[Đđ]ịa phương|[Tt]rung tâm|[Pp]hòng|[Tt]rường|[Cc]ơ sở|[Dd]oanh nghiệp|[Vv]iện|"
    r"[Bb]ộ|[Hh]iệp hội|[Cc]ông ty|[Xx]ã|[Hh]uyện|[Cc]hủ đầu tư|[Nn]gân hàng|[Ll]ực lượng|"
    r"[Tt]hành viên|[Hh]ợp tác xã|UBND|(?:Ủy|Uỷ) ban|[Cc]ấp)\b"
)
_SHORT = r"(?:Sở|Ban),?\s+(?:ban,?\s+)?ngành|(?:Sở|Ban):"
_NOT = (
    r"Ban hành|Bộ tiêu chí|Bộ máy|Bộ chỉ số|Hội nghị|Hội thảo|Hội thi|Hội chợ|Tổ chức|Tổng hợp|"
    r"Tổng kết|"
    r"Báo cáo|Trường hợp|Phòng,? chống|Phòng ngừa|Đoàn viên|Nhà nước|Nhà ở|Tổng điều tra|Đội ngũ|"
    r"Quỹ đất|Bộ phận|Viện dẫn|Cổng thông tin điện tử$"
)
_HEAD = re.compile(rf"(?!{_NOT})(?:{_SHORT}|{_MANY}|{_WHOLE}|{_NAMED})")
_VERBS = re.compile(
    r"(?:chủ trì|phối hợp|chịu trách nhiệm|có trách nhiệm|có nhiệm vụ|có kế hoạch|tham mưu|tổ chức|"
    r"thực hiện|triển khai|xây dựng|ban hành|hướng dẫn|chỉ đạo|kiểm tra|theo dõi|đôn đốc|"
    r"tăng cường|"
    r"tiếp tục|đẩy mạnh|hỗ trợ|phân công|căn cứ|báo cáo|tổng hợp|rà soát|cập nhật|bố trí|huy động|"
    r"tuyên truyền|vận động|giám sát|đảm bảo|bảo đảm|nâng cao|kiện toàn|ưu tiên|chủ động|làm |là |"
    r"cung cấp|đề xuất|thẩm định|trình |lập |quản lý|giao |phổ biến|quán triệt|nghiên cứu|đăng |"
    r"định kỳ|thường xuyên|trực tiếp|phê duyệt|cấp phát|cấp kinh phí|tập trung|khẩn trương|"
    r"nghiêm túc|"
    r"quan tâm|lồng ghép|cần |phải |thông báo|gửi |tiếp nhận|xử lý|thống nhất|kịp thời|đề nghị|"
    r"thành lập|duy trì|phát huy|phát triển|cử |giải quyết|lựa chọn|điều phối|tạo |thẩm tra|"
    r"thống kê|"
    r"tham gia|khuyến khích|đánh giá|công bố|định hướng|sử dụng|chuẩn bị|phát động|biểu dương|"
    r"hoàn thiện|hoàn thành|hoàn chỉnh|xác định|vận hành|đầu tư|khai thác|cân đối|sắp xếp|"
    r"trên cơ sở|"
    r"theo chức năng|theo nhiệm vụ|theo thẩm quyền|tùy |tiến hành|với |được |sẽ |khi |nếu |để |"
    r"nhằm |"
    r"bám sát|ghi hình|đưa tin|nhân rộng|mở |đưa |tìm |phát sóng|phát sinh|lấy ý kiến|giúp |"
    r"truyền thông về|ra quyết định|tự |kiến nghị|đăng ký|bổ sung|sửa đổi|tạo điều kiện|chia sẻ|"
    r"in |"
    r"thu |chi |nắm |dự |họp |cùng |khảo sát|thanh tra,|bồi dưỡng|đào tạo|tập huấn|giới thiệu|"
    r"vẫn |đã |đang |không |chưa |thuộc lĩnh vực|trong |tại |trước |sau |đến |về |từ |cho |theo )"
)
_PREFIX = re.compile(
    r"^(?:(?:Đề nghị|Giao cho|Giao|Yêu cầu|Phân công|Trách nhiệm của|Đối với|Trách nhiệm|"
    r"Nhiệm vụ của|"
    r"Về phía)\s*:?\s+)"
)
_ANYBODY = re.compile(
    r"^(?:tat ca )?(?:cac )?(?:cap|nganh|co quan|don vi|dia phuong|to chuc|ca nhan|nguoi dan|"
    r"doanh nghiep)(?:(?:,| va|,? cac) ?(?:cap|nganh|co quan|don vi|dia phuong|to chuc|ca nhan|"
    r"doanh nghiep)| (?:don vi|dia phuong|lien quan|co lien quan|chuc nang|khac))*$"
)
_TAIL = re.compile(
    r"(?:,| và)? (?:và )?(?:các )?(?:địa phương|đơn vị|cơ quan)(?: (?:có )?liên quan)?\s*$"
)
_JOINT = re.compile(r"\s*(?:[;,]|(?<!\w)và(?!\w)|\bcùng với\b)\s*")


def is_anybody(name: str) -> bool:
    """Tell whether a phrase means just anybody ("các cơ quan, đơn vị, địa phương")."""
    return _ANYBODY.match(fold(name)) is not None


def starts_with_agency(text: str) -> bool:
    """Tell whether ``text`` begins with the name of a body."""
    return _HEAD.match(text) is not None


def split_names(text: str, directory: Directory) -> list[str]:
    """Return the agencies of a list as written.

    A comma or "và" parts two names only where the next word begins a name, since names contain
    both ("Sở Văn hóa, Thể thao và Du lịch"). A phrase that the directory lists, spelled exactly
    so, as a group stays whole.
    """
    text = text.strip(" .;:,")
    if any(text in (g.name, *g.aliases) for g in directory.groups):
        return [text]
    names: list[str] = []
    start = seen = depth = 0
    for m in _JOINT.finditer(text):
        depth += text.count("(", seen, m.start()) - text.count(")", seen, m.start())
        seen = m.start()
        if depth > 0:
            continue
        if ";" in m.group() or _HEAD.match(text, m.end()):
            names.append(text[start : m.start()])
            start = m.end()
    names.append(text[start:])
    cleaned = (n.strip(" .;:,") for n in names)
    return [n for n in cleaned if n]


def heading_agencies(heading: str, directory: Directory) -> list[str]:
    """Return the agencies that a heading consists of ("Đề nghị: Hội Nông dân tỉnh, …"), or []."""
    text = _PREFIX.sub("", heading.strip()).strip(" :.;")
    text = re.sub(r"^(?:Các|các)\s+(?=Sở [A-ZĐ])", "", text) if text else text
    if text.isupper():
        known = directory.match(text)
        if not (known or re.match(r"(CÁC )?(SỞ|UBND|ỦY BAN|UỶ BAN|BAN|CÔNG AN|ĐOÀN|HỘI)\s", text)):
            return []
        return split_names(text.title() if not known else text, directory)
    if not _HEAD.match(text) or len(text) > 250:
        return []
    if _verb_at(text) is not None and not directory.match(text):
        return []
    return split_names(text, directory)


def _verb_at(text: str, start: int = 0) -> int | None:
    """Return where the first verb in small letters begins behind a name, or None."""
    head = _HEAD.match(text, start)
    at = head.end() if head else start
    for m in re.finditer(rf"(?<=[\s,;])(?=[{SMALLS}])", text[at:]):
        if _VERBS.match(text, at + m.start()) and not re.match(
            r"cấp (xã|huyện|tỉnh)|thanh tra tỉnh|tổ chức (xã hội|chính trị|đoàn thể|tín dụng|"
            r"có liên)|"
            r"quản lý (khu|nhà nước|dự án)|đầu tư (phát triển|xây dựng)|được giao|"
            r"chỉ đạo (các|Chương)|phát triển (nông|rừng|quỹ)|có liên|"
            r"xây dựng (nông thôn mới|NTM|nếp sống|Đảng)|thực hiện (Chương|các Chương)",
            text[at + m.start() :],
        ):
            return at + m.start()
    return None


def name_phrase(text: str, start: int = 0) -> str:
    """Return the phrase of names that begins at ``start``, up to the verb; "" if there is none."""
    if not _HEAD.match(text, start):
        return ""
    stop = re.compile(r"[.:;(](?!\s*(?:các|UBND|Sở)\b)|[–-]\s").search(text, start)
    end = stop.start() if stop and stop.group()[0] in ".:(;" else len(text)
    verb = _verb_at(text, start)
    return text[start : min(end, verb if verb is not None else len(text))].strip(" ,;")


def subject_agencies(text: str, directory: Directory) -> list[str]:
    """Return the agencies that a sentence orders: its subject, or who follows "Giao"."""
    m = re.match(r"(?:Đề nghị|Giao cho|Giao|Yêu cầu|Phân công)\s+", text)
    start = m.end() if m else 0
    if not _HEAD.match(text, start):
        return []
    verb = _verb_at(text, start)
    if verb is None or verb - start > 300:
        return []
    phrase = name_phrase(text, start)
    if len(phrase) + start < len(text[:verb].rstrip(" ,;")):
        return []  # something other than a name stands before the verb
    return split_names(phrase, directory)


_GIVEN = re.compile(
    r"(?:(?<=[.;(]\s)|(?<=\()|\bdo\s+)(?:(?:Đề nghị|[Gg]iao cho|[Gg]iao|[Yy]êu cầu)\s+)?"
    rf"(?=[{CAPITALS}])"
)
_ORDERED = re.compile(
    r"[\s,]*(?:làm |là )?(?:cơ quan |đơn vị )?(?:đầu mối,? )?(?:chủ trì|chịu trách)"
)


def given_agencies(text: str, directory: Directory) -> list[str]:
    """Return agencies that a later sentence puts in charge ("… . Giao Sở Y tế chủ trì …")."""
    for m in _GIVEN.finditer(text):
        phrase = name_phrase(text, m.end())
        if not phrase or is_anybody(phrase):
            continue
        behind = text[m.end() + len(phrase) :]
        if "iao" in m.group() or _ORDERED.match(behind):
            return split_names(phrase, directory)
    return []


_WITH = re.compile(r"[Pp]hối hợp(?: chặt chẽ)?(?:,? (?:cùng )?với| cùng(?: với)?)\s+")


def supporting_agencies(text: str, directory: Directory, anybody: bool = False) -> list[str]:
    """Return the agencies named behind "phối hợp với"; words for anybody only if wanted."""
    names: list[str] = []
    for m in _WITH.finditer(text):
        phrase = name_phrase(text, m.end())
        if not (anybody and is_anybody(phrase)):
            phrase = _TAIL.sub("", phrase)
        for name in split_names(phrase, directory) if phrase else []:
            if is_anybody(name) and not anybody:
                continue
            if starts_with_agency(name) and name not in names:
                names.append(name)
    return names

"""The words that names of bodies are made of: how they begin, which are fixed, what ends them.

All patterns expect :func:`tidy` text. Departments are a closed list (Nghị định 24/2014/NĐ-CP,
Nghị định 45/2025/NĐ-CP), so their names end where the list says; other names are open.
"""

import re

from ntmtasks.core.text import CAPITALS

# Words that a name in mixed letters writes small: "Công an", "các xã", "Liên đoàn".
_SECOND = re.compile(
    r"\b(?:Và|Các|Của|Phố|Xã|Phường|Trấn|Khu)\b|(?<= )(?:An|Ban|Trận|Đồng|Hội|Đoàn|Ủy|Phòng|Cục|Tâm|"
    r"Hàng|Bạc|Tra|Hiểm|Quan|Điện|Ngành|Vị|Thể|Chức|Đạo|Huy|Minh|Hiệp)\b"
)
_VOWELS = dict(zip("àáảãạỳýỷỹỵ", "òóỏõọùúủũụ", strict=True))
_OLD_SPELLING = re.compile(r"(?i)(?:o[àáảãạ]|(?<!q)u[ỳýỷỹỵ])(?!\w)")


def tidy(text: str) -> str:
    """Return ``text``, of the same length, in the form that the patterns of names expect.

    "hoá" and "Uỷ" become "hóa" and "Ủy" (two spellings of one sound); a text in capitals alone
    keeps them only at the beginning of its words.
    """
    if text.isupper():
        text = _SECOND.sub(lambda m: m[0].lower(), text.title())
    return _OLD_SPELLING.sub(_respelled, text)


def _respelled(m: re.Match[str]) -> str:
    first, second = m[0][0], m[0][1]
    marked = _VOWELS[second.lower()]
    return (marked.upper() if first.isupper() else marked) + ("a" if first in "oO" else "y")


_AND = r"\s?(?:và|&)\s?"
_DASH = r"(?:\s?[-–,]\s?|\s)"
_NAMES = (
    rf"Nông nghiệp(?:{_AND}(?:Môi trường|Phát triển nông thôn|PTNT))?",
    rf"Tài nguyên{_AND}Môi trường|Quy hoạch{_DASH}Kiến trúc|Kế hoạch{_AND}Đầu tư",
    rf"Lao động{_DASH}Thương binh{_AND}Xã hội|Thông tin{_AND}Truyền thông",
    rf"Văn hóa(?:,?\s?Thể thao{_AND}Du lịch|{_AND}Thể thao)?|Du lịch|Thể thao",
    rf"Khoa học{_AND}Công nghệ|Giáo dục(?:{_AND}Đào tạo)?|Dân tộc{_AND}Tôn giáo",
    "Giao thông(?: vận tải| công chánh)?|Nội vụ|Tài chính|Tư pháp|Công Thương|Xây dựng|Y tế",
    "Ngoại vụ|An toàn thực phẩm|Công nghiệp",
)
# KH&CN, VH,TT&DL, LĐ-TB&XH, TC
_SHORT = r"[A-ZĐ]+(?:(?:\s?&\s?|-|,(?=[A-ZĐ]+&))[A-ZĐ]+)*"
# What stands behind "Sở".
DEPARTMENT = re.compile(rf"(?:(?i:{'|'.join(_NAMES)})|{_SHORT})(?!\w)")


def _joined(alternatives: str) -> str:
    """Return a pattern that is written over several lines as one; its spaces count."""
    return re.sub(r"\s*\n\s*", "", alternatives)


_CAP = rf"[{CAPITALS}]"
# Heads that need a name behind them: "Sở Tài chính", "Thanh tra tỉnh", "Hội đồng nhân dân".
_NAMED = (
    r"(?:Sở|Ban|Ban chỉ đạo|Ban quản lý|Ban chỉ huy|Văn phòng|Cục|Chi cục|Vụ|Hội đồng|Hội|Hiệp hội|"
    r"Liên minh|Liên đoàn|Liên hiệp|Đoàn|Đoàn thanh niên|Đài|Báo|Bộ|Bộ Tư lệnh|Trung tâm|Trường|"
    r"Viện|Quỹ|Phòng|Tổng [Cc]ục|Tổng [Cc]ông ty|Công ty|Ngân hàng|Học viện|Tổ|Tổ công tác|Chi nhánh|"
    r"Bệnh viện|Đại học|Kho bạc|Thanh tra|Bảo hiểm|Tòa án|Thường trực|Đảng ủy|Đảng bộ|Bưu điện|"
    r"Điện lực|Viễn thông|Hạt|Đội|Đồn|Trạm|Vườn|Cơ quan|Hội phụ nữ|Hội nông dân|Tập đoàn|Cổng|"
    r"Hội cựu chiến binh|Cảng vụ|Cảng|Nhà xuất bản|Nhà hát|Bảo tàng|Thư viện|Khu [Bb]ảo tồn|Thi hành án dân sự|Thống kê|Lữ đoàn|"
    r"Ngành|Phó (?:Giám đốc|Chủ tịch|Trưởng|Chánh)|Thủ trưởng|Giám đốc|Chủ tịch|Chánh|Lãnh đạo|Người đứng đầu|Hiệu trưởng|Trưởng|Lực lượng)"
    rf"(?=\s+(?:{_CAP}|các |và |tỉnh\b|thành phố\b|xã\b|huyện\b|khu vực\b|nhân dân|quản lý|"
    r"chỉ đạo|chỉ huy|thông tin|truyền thanh|truyền hình|ấp|thôn|bản|khóm|khu phố|y tế|đa khoa|chuyên khoa|xã hội|nhà nước|chính sách|kiểm sát|phát thanh|phối hợp|thiên nhiên|công tác|"
    r"công nghệ số|doanh nghiệp|cơ quan|quân sự|công an))"
)
# Heads that are a name by themselves.
_WHOLE = (
    r"(?:Văn phòng (?:Đoàn (?:ĐBQH|[Đđ]ại biểu Quốc hội)|HĐND|Hội đồng nhân dân)(?:,| và) "
    r"(?:HĐND|UBND|Hội đồng nhân dân|Ủy ban nhân dân)|Ủy ban|UBND|UBMTTQVN|UBMTTQ|UBMT|MTTQ|Mặt trận|Công an|CA tỉnh|Quân khu|Bộ đội|Thuế|"
    r"Thành đoàn|Tỉnh đoàn|Thành ủy|Tỉnh ủy|Tỉnh Đoàn|Thành Đoàn|HĐND|BQL|BCĐ|BCHQS|VNPT|Viettel|"
    r"MobiFone|Mobifone|Trung tâm|Đoàn Thanh niên|Đoàn TNCS|Hải quan|Văn phòng|Cấp ủy|Tổ công nghệ|"
    r"Chủ (?:đầu tư|rừng)|Viễn thông|Bảo hiểm xã hội|BHXH|VKSND|TAND|LĐLĐ|BCH|CDC|TTYT|KBNN|NHNN|NHCSXH|VP(?=\s)|Kiểm lâm|Quản lý thị trường)(?!\w)"
)
_MANY = (
    r"(?:[Cc]ác|[Nn]hững)\s+(?:[Ss]ở|[Bb]an|[Nn]gành|[Cc]ơ quan|[Đđ]ơn vị|[Đđ]oàn thể|[Hh]ội|"
    r"[Tt]ổ chức|[Đđ]ịa phương|[Tt]rung tâm|[Pp]hòng|[Tt]rường|[Cc]ơ sở|[Dd]oanh nghiệp|[Vv]iện|"
    r"[Bb]ộ|[Hh]iệp hội|[Cc]ông ty|[Xx]ã|[Hh]uyện|[Cc]hủ|[Nn]gân hàng|[Ll]ực lượng|[Tt]hành viên|"
    r"[Hh]ợp tác xã|UBND|Ủy ban|[Cc]ấp|[Bb]ệnh viện|[Bb]áo|[Cc]hi cục|[Tt]rạm|[Nn]hà mạng|"
    r"[Tt]ập đoàn|"
    r"[Hh]ọc viện|[Cc]ục|[Đđ]oàn|[Nn]hà trường|[Qq]uỹ|[Tt]hôn|[Pp]hường|[Tt]ổng công ty)\b"
)
_SEVERAL = r"(?:Sở|Ban),?\s+(?:ban,?\s+)?ngành|(?:Cơ quan|Đơn vị),\s|Đoàn thể,"
_LOWER = (
    rf"(?:sở(?=\s{_CAP})|(?:thủ trưởng|giám đốc|chủ tịch|lãnh đạo|người đứng đầu)"
    rf"(?=\s+(?:các|UBND|Ủy ban|{_CAP}))|lực lượng(?=\s{_CAP}))"
)
_NO_HEAD = (
    r"Ban hành|Bộ (?:tiêu chí|máy|chỉ số|phận|thủ tục|luật|Luật)|Hội (?:nghị|thảo|thi|chợ|nhập)|"
    r"Tổ chức|"
    r"Tổng (?:hợp|kết|điều tra)|Báo (?:cáo|động)|Trường hợp|Phòng,? (?:chống|ngừa|bệnh|cháy)|"
    r"Đoàn (?:viên|kết)|Đội ngũ|Quỹ đất|Viện dẫn|Cổng thông tin điện tử$|Thuế (?:suất|thu nhập|"
    r"giá trị)|"
    r"Trưởng thành|Quản lý thị trường (?:lao|bất)"
)
HEAD = re.compile(rf"(?!(?i:{_NO_HEAD}))(?:{_SEVERAL}|{_MANY}|{_WHOLE}|{_NAMED}|{_LOWER})")
PLURAL = re.compile(
    rf"{_MANY}|{_SEVERAL}|Cấp ủy(?=,)|(?:[Nn]gười đứng đầu|[Tt]hủ trưởng|[Ll]ãnh đạo)"
    r"(?=\s(?:cơ quan|đơn vị|cấp))"
)
# Nouns that go on a plural ("các sở, ban, ngành, đoàn thể", "các xã, phường, đặc khu").
AND_MORE = re.compile(
    _joined(
        r"""
        (?:[Bb]an|[Nn]gành|[Đđ]oàn thể|[Đđ]ơn vị|[Cc]ơ quan|[Đđ]ịa phương|[Tt]ổ chức|[Cc]á nhân|
        [Hh]ội|[Dd]oanh nghiệp|phường|xã|đặc khu|thị trấn|thị xã|thành phố|quận|huyện|thôn|bản|
        hợp tác xã|hộ (?:kinh doanh|gia đình|dân)|doanh nhân|phòng|chi nhánh|trường|cơ sở|trung tâm|
        [Ss]ở|cấp|hiệp hội|tập đoàn|tổng công ty|công ty|báo|đài|viện|nhóm|thành viên|tổ dân phố|ấp|
        khu phố|lực lượng|cao đẳng|trung cấp|tiểu học|trung học(?: cơ sở| phổ thông)?|đại học|mầm non|chính quyền|chủ (?:rừng|đầu tư|dự án|
        hồ|tàu))(?!\w)
        """
    )
)
# A second half of a name in small letters ("Báo và phát thanh, truyền hình", "phòng, chống").
INNER = re.compile(
    r"(?:truyền hình|phát thanh|chống|cứu nạn|cứu hộ|giáo dục pháp luật|tìm kiếm|thể thao|du lịch|"
    r"chữa cháy|chính trị|thú y|thủy sản|phát triển|bảo vệ|trẻ mồ côi|chuyển đổi số)(?!\w)"
)
_PROVINCES = (
    "An Giang|Bà Rịa|Bạc Liêu|Bắc Giang|Bắc Kạn|Bắc Ninh|Bến Tre|Bình Dương|Bình Định|Bình Phước|"
    "Bình Thuận|Cà Mau|Cao Bằng|Cần Thơ|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia "
    "Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh|Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hồ Chí Minh|Huế|"
    "Hưng "
    "Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lạng Sơn|Lào Cai|Lâm Đồng|Long An|Nam Định|Nghệ An|"
    "Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị|Sóc "
    "Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|Tiền Giang|Trà Vinh|"
    "Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái|Trung ương|Việt Nam"
)
_UNIT = r"(?:tỉnh(?! ủy| đoàn)|thành phố|Thành phố|Tỉnh(?! ủy| đoàn)|TP\.?|huyện|quận|thị xã|thị trấn|(?<!tác )xã(?! hội)|phường|đặc khu)"
# A word of place closes a name: what follows in small letters is said about the body.
PLACE = re.compile(
    rf"(?:{_UNIT}(?!\w)(?:\s+{_CAP}\w*)*|(?:{_PROVINCES})(?!\w)(?:\s+{_UNIT}(?!\w))?)"
    rf"(?:(?:\s*[,/]\s*|\s+và\s+)(?:các\s+)?(?!T){_UNIT}(?!\w)(?:\s+{_CAP}\w*)*)*"
)
QUALIFIER = re.compile(
    r"\s+(?:(?:có )?liên quan|được giao nhiệm vụ|cấp (?:tỉnh|xã|huyện|thành phố|cơ sở)|các cấp|"
    r"ven (?:biển|sông|đô)|biên giới|miền núi|vùng cao|hải đảo|"
    r"theo (?:quy định|lĩnh vực(?: được giao)?(?: quản lý| phụ trách)?)|"
    r"(?:trực )?thuộc (?:tỉnh|thành phố|UBND (?:tỉnh|thành phố))|khác|"
    r"(?:đóng )?trên địa bàn(?: tỉnh| thành phố)?(?:\s(?:" + _PROVINCES + r"))?)(?!\w)"
)
# What a body is said to do; never a part of its name.
VERB = re.compile(
    _joined(
        r"""
        (?:chủ trì|phối hợp(?! phổ biến)|chịu trách|có (?:trách|nhiệm vụ|kế hoạch|ý kiến|văn bản|
        giải pháp|biện)|tham mưu|thực hiện(?! (?:các )?Chương)|triển khai|ban hành|hướng dẫn|
        theo dõi|đôn đốc|tăng cường|tiếp tục|đẩy mạnh|phân công|phân bổ|căn cứ|báo cáo|tổng hợp|
        rà soát|cập nhật|bố trí|huy động|tuyên truyền(?! viên)|vận động(?! viên)|đảm bảo|bảo đảm|
        nâng cao|kiện toàn|ưu tiên|chủ động|tích cực|làm (?:đầu|tốt|rõ|việc|cơ|chủ)|là |đề xuất|
        (?<!công )(?<![Cc]hương )(?<!quá )(?<!quy )trình |lập |phê duyệt|tập trung|khẩn trương|nghiêm|
        quan tâm|lồng ghép|cần |phải |thông báo|gửi |tiếp nhận|xử lý|thống nhất|kịp thời|đề nghị|
        thành lập|duy trì|phát huy|phát sóng|phát sinh|phát động|cử |lựa chọn|tạo |thẩm tra|
        tham gia|khuyến khích|đánh giá|công bố|công khai|định hướng|định kỳ|thường xuyên|trực tiếp|
        sử dụng|chuẩn bị|biểu dương|hoàn |xác định|vận hành|cân đối|sắp xếp|trên cơ sở|
        theo (?!quy định|lĩnh vực)|tùy |tiến hành (?!tố)|với |được (?!giao nhiệm)|sẽ |khi |nếu |để |
        nhằm |bám sát|ghi hình|đưa |nhân rộng|mở |tìm |lấy ý|truyền thông về|ra quyết|kiến nghị|
        bổ sung|sửa đổi|chia sẻ|nắm |họp |cùng |khảo sát|giới thiệu|vẫn |đã |đang |không |chưa |
        đều |cũng |tự (?:rà|chịu|tổ|đánh)|trong |tại |trước |sau |đến |về |từ |cho |bằng |vào |
        thuộc lĩnh|quán triệt|siết|ứng dụng|đổi mới|đáp ứng|tháo gỡ|bàn giao|trích |h[àằ]ng (?:ngày|
        tuần|tháng|quý|năm)|mỗi |thông qua|đồng thời|nhất là|trong đó|trao đổi|tổng kết|sơ kết|gắn |
        lưu ý|ra (?:quân|mắt)|chấp hành|bám |đối với|niêm yết|ký |chi trả|giải ngân|cam kết|phản ánh|nghiên cứu|
        thu thập|tranh thủ|phấn đấu|tăng |giảm |giữ |tuần tra|trực |chăm |thăm |khám |điều trị|
        ngăn |lãnh đạo|đấu tranh|sửa chữa|thu gom|cắt |triệt |mua sắm|quy định|yêu cầu|khôi phục|kêu gọi|
        kết nối|liên hệ|liên kết|nêu |gương mẫu|tự giác|điều chỉnh|lắp đặt|mời |hưởng ứng|rút ngắn|
        đơn giản|trang bị|xem xét|quyết định|sẵn sàng|cảnh báo|nhận |chuyển (?!đổi)|tặng |phủ |
        khuyến cáo|gia hạn|hạn chế|quyết liệt|linh hoạt|chú trọng|coi trọng|thay mặt|giúp đỡ|điều tiết|nhắc |bãi bỏ|chấn chỉnh|thăm dò|
        số hóa|kê khai|nộp |đặt |dành |treo |bán (?!đảo)|mua |cài đặt|chỉnh trang|đồng hành|đồng bộ|
        đối thoại|chia |cụ thể hóa|quán |tính toán)
        """
    )
)
# Verbs that names hold as well ("Ban quản lý dự án đầu tư xây dựng", "phòng, chống thiên tai").
SOFT_VERB = re.compile(
    _joined(
        r"""
        (?:tổ chức(?! (?:chính|xã|đoàn|tín|kinh|hội|thành|tôn|phi|có))|xây dựng(?! (?:nông|NTM|nếp|
        Đảng|các công|công trình))|quản lý|phát triển|(?<!chủ )đầu tư(?! (?:xây dựng|phát triển))|
        hỗ trợ|bảo vệ|kiểm tra|kiểm soát|giám sát|chỉ đạo|điều phối|đào tạo|bồi dưỡng|phổ biến|
        cung cấp|cấp (?:phát|kinh|phép|đủ|giấy)|giao (?!thông|dịch|ban)|thẩm định|giải quyết|
        khai thác|tư vấn|thống kê|đăng |giúp |in |dự (?!án|báo|phòng)|thanh tra|điều tra|tập huấn|
        hòa giải|ngăn chặn|phát hiện|phòng,? chống|phòng ngừa|điều hành|khắc phục|ứng phó|
        vận chuyển|thu (?!hút)|chi (?!nhánh|cục|hội|đoàn|bộ))
        """
    )
)
# A name that goes on behind a soft verb: a word of place still closes it.
CLOSED_LATER = re.compile(
    r"(?:(?:phòng|phổ biến|chữa cháy), |(?! (?:các|người|nhân dân|trên|trong|cho|về|của) )[^.;:,()]){0,60}?(?<!\w)(?:tỉnh|"
    r"thành phố|Thành phố)(?!\w)"
)

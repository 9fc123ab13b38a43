"""Whether a sentence reads like work to do: it begins with a verb, or orders a body.

Plans give orders without a subject ("Tổ chức …", "Không để …"); what they report or explain begins
with a noun or with "Đã …". Folded words are compared, so that a lost mark changes nothing.
"""

import re

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.naming import starts_with_agency

_OPENERS = (
    r"tiep tuc|thuong xuyen|dinh ky|hang (?:nam|quy|thang|tuan|ngay)|kip thoi|chu dong|tich cuc|"
    r"tap trung|khan truong|nghiem tuc|truc tiep|tung buoc|uu tien|dac biet|dong thoi|phan dau|"
    r"kien quyet|chu trong|quan tam|nghiem cam|khong (?:de|duoc|tha|su dung|bo tri|ban hanh)|dam bao|bao dam"
)
_VERBS = (
    r"tang cuong|day (?:manh|nhanh)|to chuc|xay dung|trien khai|thuc hien|ra soat|tham muu|chu tri|"
    r"phoi hop|huong dan|chi dao|kiem tra|giam sat|nang (?:cao|cap|muc)|phat trien|phat (?:dong|huy|"
    r"hanh)|tuyen truyen|pho bien|quan triet|truyen thong|van dong|huy dong|bo tri|can doi|cap nhat|"
    r"hoan (?:thanh|thien|chinh)|ban hanh|trinh|de xuat|kien nghi|nghien cuu|danh gia|theo doi|don doc|"
    r"tong (?:hop|ket|dieu tra|kiem tra)|so ket|bao cao|thong ke|dieu tra|khao sat|lap|thanh lap|"
    r"kien toan|cung co|duy tri|doi moi|cai (?:thien|tao|cach)|ho tro|khuyen khich|thu hut|keu goi|"
    r"mo (?:rong|lop|cac|them|\d+)|dao tao|boi duong|tap huan|cung (?:cap|ung)|xu ly|khac phuc|khoi phuc|"
    r"phuc hoi|phong (?:chong|ngua)|ngan chan|kiem soat|quan ly|su dung|khai thac|ung dung|so hoa|"
    r"ket noi|tich hop|chia se|cong (?:bo|khai|nhan)|niem yet|tiep (?:nhan|can)|giai quyet|thao go|"
    r"cat giam|don gian hoa|rut ngan|thanh tra|tham (?:dinh|tra)|phe duyet|dieu (?:chinh|phoi|chuyen|"
    r"dong)|bo sung|sua doi|dau tu|lap dat|trang bi|mua sam|sua chua|tu bo|duy tu|nao vet|khoi thong|"
    r"thu gom|phan (?:loai|cong|bo|cap|luong)|van (?:hanh|chuyen)|giao|yeu cau|de nghi|dang (?:ky|tai|"
    r"tin)|bien soan|in an|xuat ban|gioi thieu|quang ba|xuc tien|lien ket|hop tac|tham gia|tham hoi|"
    r"trao|tang|bieu duong|khen thuong|ton vinh|nhan rong|thi diem|lua chon|tuyen (?:chon|dung)|cu|gan|"
    r"long ghep|bam sat|thuc day|tao (?:dieu kien|moi truong|su)|khoi day|giu (?:gin|vung)|bao (?:ve|"
    r"ton|tri)|ton tao|trung tu|cham (?:lo|soc)|cap (?:phat|phep|nhat)|chuan bi|san sang|ung pho|di doi|"
    r"so tan|cuu|tiep|don|trang tri|chinh trang|tham du|thong (?:tin|bao)|dua|gui|luu|can cu|tren co so|"
    r"theo chuc nang|theo doi|nhan dien|du bao|canh bao|quan trac|lay mau|lay y kien|hoach dinh|quy "
    r"hoach|dinh huong|xac dinh|xac nhan|cu the hoa|the che hoa|chuyen (?:doi|giao)|da dang hoa|hien "
    r"dai hoa|chuan hoa|xa hoi hoa|xoa|giam|han che|loai bo|thu hoi|dinh chi|siet chat|chan chinh|"
    r"boi thuong|giai (?:phong|ngan)|khoanh no|cho vay|tiem|phun|tieu (?:doc|huy)|ve sinh|khu trung|"
    r"trong|chan nuoi|gieo|tuoi|bon|tu goc|che (?:phu|chan)|du tru|dong hanh|dau moi|la (?:co quan|don "
    r"vi|dau moi)|chiu trach nhiem|lam (?:tot|viec|chu|ro)|thay the|nam (?:bat|chac|tinh)|tim kiem|"
    r"khoi cong|thi cong|nghiem thu|ban giao|cam moc|do dac|kiem ke|giam dinh|hop|thuong truc|truc"
)
_ORDER = re.compile(rf"(?:(?:{_OPENERS})\b[, ]*(?:va )?)*(?:{_VERBS})\b|(?:{_OPENERS})\b")
_REPORTS = re.compile(
    r"\b(?:da (?:ban hanh|to chuc|trien khai|thuc hien|co|duoc|dat|hoan|xay)|con (?:nhieu|"
    r"gap|han che|thieu|thap|cham)|chua (?:duoc|dap|co|cao|kip|thuc))\b"
)


def reads_like_order(text: str) -> bool:
    """Tell whether ``text`` (without its label) tells somebody to do something."""
    folded = fold(text[:200]).lstrip('“"( ')
    if _REPORTS.search(folded[:120]):
        return False
    return _ORDER.match(folded) is not None or starts_with_agency(text)

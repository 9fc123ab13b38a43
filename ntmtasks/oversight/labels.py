"""Words of the overview and its pages: how each number is counted, and what changed."""

from ntmtasks.core.formats import day
from ntmtasks.oversight.rules.days import DayFault, ShownDay
from ntmtasks.oversight.rules.search import Kind
from ntmtasks.oversight.rules.status import Block
from ntmtasks.oversight.rules.waiting import Desk, Matter
from ntmtasks.tasks.labels import PHASES, STATES
from ntmtasks.tasks.queries.revisions import Facts, RevisionKind
from ntmtasks.tasks.rules import AssignmentRole, Phase, TaskKind

FORMULAS: dict[str, str] = {
    "counters": (
        "Đếm đầu việc: mỗi cơ quan chủ trì một việc cụ thể đã giao là một đầu việc; việc giao cho từng cơ quan thì mỗi "
        "cơ quan một đầu việc; phối hợp không đếm. Xếp theo ô đầu tiên phù hợp: đã xác nhận → hoàn thành đúng hạn hoặc "
        "quá hạn theo ngày báo cáo; đã báo cáo → chờ xác nhận; không có ngày → không hạn; hôm nay sau thời hạn → quá "
        "hạn; còn trong số ngày báo trước → sắp đến hạn; còn lại → trong hạn. Các ô sau Tổng số cộng lại bằng Tổng số. "
        "Không đếm: dự thảo, từ chối, tạm dừng, hủy, việc thường xuyên, việc định kỳ."
    ),
    "ages": "Số ngày lịch từ ngày sau thời hạn đến ngày xem, của các đầu việc quá hạn. Bốn ô cộng lại bằng ô Quá hạn.",
    "oldest": "Các đầu việc quá hạn có thời hạn sớm nhất. Quá hạn từ ngày sau thời hạn.",
    "next": (
        "Đầu việc chưa báo cáo hoàn thành, có thời hạn từ ngày xem đến hết 14 ngày sau; gồm cả việc trong hạn và sắp "
        "đến hạn."
    ),
    "waiting": (
        "Báo cáo hoàn thành và từ chối chưa quyết định, đề nghị gia hạn chưa trả lời, giải trình đã gửi chưa chấp nhận, báo cáo kỳ chưa tiếp nhận: "
        "của Văn phòng Điều phối do lãnh đạo UBND quyết định, của cơ quan khác do Văn phòng Điều phối; giải trình do "
        "bên đã yêu cầu. Vướng mắc đếm ở bên phải làm bước tiếp theo."
    ),
    "agencies": (
        "Cùng cách đếm với các ô ở trên, chia theo cơ quan chủ trì, xếp theo thứ tự trong kế hoạch. “Từ” là thời hạn sớm "
        "nhất trong các đầu việc quá hạn của cơ quan."
    ),
    "sections": "Cùng cách đếm, chia theo phần của kế hoạch. “Bổ sung” là việc giao thêm ngoài văn bản kế hoạch.",
    "changes": (
        "So các đầu việc ở ngày xem với các đầu việc ở mốc. Đổi thời hạn: vẫn cơ quan đó, ngày khác. Đổi cơ quan: cơ quan "
        "khác chủ trì. Bổ sung: có ở ngày xem, không có ở mốc. Rút ra: có ở mốc, nay tạm dừng, hủy, từ chối hoặc không "
        "còn là việc cụ thể. Mốc là lúc giao việc, hoặc cuối hạn nộp báo cáo định kỳ gần nhất trước ngày xem."
    ),
    "silent": (
        "Việc đang làm mà cơ quan chủ trì hoặc phối hợp không cập nhật từ 30 ngày trở lên, tính từ lần cập nhật cuối hoặc "
        "từ ngày được giao."
    ),
    "reports": (
        "Mỗi cơ quan một báo cáo mỗi hạn nộp. Đúng hạn: ngày nộp không sau hạn nộp. Muộn: nộp sau hạn. Chưa nộp: đã qua "
        "hạn nộp. Các báo cáo chưa đến hạn không tính."
    ),
    "comparison": (
        "Chỉ việc cụ thể mà cơ quan chủ trì, từ đầu năm đến ngày xem. Tính cả việc chuyển tiếp: thời hạn trước năm nay mà "
        "đến đầu năm chưa báo cáo hoàn thành; không tính việc đã xong từ các năm trước. Tỷ lệ đúng hạn = hoàn thành đúng "
        "hạn ÷ (hoàn thành đúng hạn + hoàn thành quá hạn + chưa hoàn thành, quá hạn). Việc còn trong hạn chưa nói lên "
        "điều gì nên không tính. Việc chờ xác nhận là chưa hoàn thành, đúng hay quá hạn theo ngày báo cáo, nên chờ lâu "
        "không làm cơ quan bị tính muộn. Việc được gia hạn tính theo thời hạn mới; số được gia hạn ghi ở cột riêng. Việc "
        "tạm dừng, từ chối không tính, ghi ở cột riêng; việc thường xuyên, định kỳ cũng vậy."
    ),
    "burn-up": (
        "Đường kế hoạch: đến mỗi ngày có bao nhiêu đầu việc đến hạn, theo thời hạn ở ngày xem. Đường hoàn thành: đến mỗi "
        "ngày có bao nhiêu đầu việc đã xác nhận, tính theo ngày cơ quan báo cáo."
    ),
    "timeline": (
        "Mỗi việc một dòng: từ ngày giao đến thời hạn muộn nhất trong các cơ quan chủ trì. Vạch đứng là ngày xem. Việc "
        "không hạn không có thanh."
    ),
}
"""How a number is counted, in the words of wording.md; one tap below it."""
DESKS: dict[Desk, str] = {
    Desk.COORDINATORS: "Văn phòng Điều phối",
    Desk.LEADERS: "Lãnh đạo UBND thành phố",
    Desk.SPEAKERS: "Đầu mối các cơ quan",
    Desk.AGENCIES: "Cơ quan được hỏi",
}
_MATTERS: dict[Matter, str] = {
    Matter.COMPLETION: "báo cáo hoàn thành",
    Matter.REFUSAL: "từ chối",
    Matter.EXTENSION: "đề nghị gia hạn",
    Matter.EXPLANATION: "giải trình",
    Matter.DIFFICULTY: "vướng mắc",
    Matter.REPORT: "báo cáo kỳ chờ tiếp nhận",
}
_ELSEWHERE: dict[tuple[Desk, Matter], str] = {
    (Desk.SPEAKERS, Matter.COMPLETION): "việc của chuyên viên chờ chuyển",
    (Desk.AGENCIES, Matter.EXPLANATION): "yêu cầu giải trình chưa trả lời",
    (Desk.AGENCIES, Matter.DIFFICULTY): "vướng mắc chờ tổng hợp, xử lý",
}
COMPARED: tuple[tuple[str, str], ...] = (
    ("total", "Tổng số"),
    ("carried", "Trong đó chuyển tiếp"),
    ("done_on_time", "Hoàn thành đúng hạn"),
    ("done_late", "Hoàn thành quá hạn"),
    ("open_in_time", "Chưa hoàn thành, trong hạn"),
    ("open_late", "Chưa hoàn thành, quá hạn"),
    ("extended", "Được gia hạn"),
)
"""Columns of the comparison: attributes of tasks.queries.comparing.Record with their labels."""
OUTSIDE: tuple[tuple[str, str], ...] = (
    ("recurring", "Định kỳ"),
    ("continuous", "Thường xuyên"),
    ("paused", "Tạm dừng"),
    ("refused", "Từ chối"),
)
REPORT_MARKS: dict[str, str] = {
    "on_time": "nộp đủ, đúng hạn",
    "late": "nộp đủ, có báo cáo muộn",
    "missing": "còn báo cáo chưa nộp, đã quá hạn",
    "to_come": "chưa đến hạn",
}
AGENCIES, DISTRICTS = "Sở, ban, ngành, đoàn thể", "Quận, huyện"
REVISIONS: dict[RevisionKind, str] = {
    RevisionKind.MOVED: "Đổi thời hạn",
    RevisionKind.REASSIGNED: "Đổi cơ quan chủ trì",
    RevisionKind.ADDED: "Bổ sung, đưa trở lại",
    RevisionKind.DROPPED: "Rút ra",
}
_NOT_CONCRETE = "không còn là việc cụ thể"
_NOT_LEAD = "không còn chủ trì"
NO_DAY: dict[DayFault, str] = {
    DayFault.UNREADABLE: "Hãy ghi một ngày có thật, ví dụ 31/10/2024.",
    DayFault.FUTURE: "Ngày này chưa đến; hãy chọn hôm nay hoặc một ngày đã qua.",
    DayFault.BEFORE_ISSUE: "Ngày này chưa có việc nào được giao.",
}


def day_fault(shown: ShownDay) -> str:
    """The sentence beside the field of the day; empty where the day can be shown."""
    if shown.fault is None:
        return ""
    words = NO_DAY[shown.fault]
    if shown.fault is DayFault.BEFORE_ISSUE and shown.first is not None:
        words += f" Kế hoạch đầu tiên được giao ngày {day(shown.first)}."
    return words


def matter_words(desk: Desk, matter: Matter) -> str:
    """What waits there, behind its number."""
    return _ELSEWHERE.get((desk, matter), _MATTERS[matter])


def section_words(section: str) -> str:
    """ "Phần III", or what was added by hand."""
    return f"Phần {section}" if section else "Bổ sung"


def reason_dropped(facts: Facts | None) -> str:
    """Why an obligation is none any more."""
    if facts is None:
        return PHASES[Phase.CANCELLED]
    if facts.phase is not Phase.ISSUED:
        return PHASES[facts.phase]
    if facts.role is not AssignmentRole.LEAD:
        return _NOT_LEAD
    return _NOT_CONCRETE if facts.kind is not TaskKind.CONCRETE else STATES[facts.state]


KINDS: dict[Kind, str] = {
    Kind.TASK: "Nhiệm vụ",
    Kind.CLAUSE: "Mục của kế hoạch",
    Kind.COMMENT: "Ý kiến",
    Kind.REPORT: "Báo cáo",
    Kind.AGENCY: "Cơ quan",
    Kind.AREA: "Xã, huyện",
}
"""What a search finds."""

BLOCKS: dict[Block, str] = {
    Block.COUNTERS: "Tổng hợp",
    Block.AGES: "Quá hạn bao lâu",
    Block.OLDEST: "Quá hạn lâu nhất",
    Block.AGENCIES: "Cơ quan chủ trì",
    Block.NEXT: "14 ngày tới",
    Block.REPORTS: "Báo cáo",
    Block.COMMUNES: "Xã đăng ký, phấn đấu",
}
"""What a status page shows."""

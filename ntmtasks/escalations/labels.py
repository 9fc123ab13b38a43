"""Words for difficulties (wording.md; the states are those of issue "A working day")."""

from ntmtasks.escalations.rules import EscalationState

_STATES: dict[EscalationState, str] = {
    EscalationState.REPORTED: "mới phản ánh",
    EscalationState.CONSOLIDATED: "{consolidator} tổng hợp",
    EscalationState.SUBMITTED: "đã trình {submitted_to}",
    EscalationState.CONCLUDED: "có kết luận",
    EscalationState.RESOLVED: "đã gỡ",
    EscalationState.WITHDRAWN: "đã rút",
}
STEPS: dict[EscalationState, str] = {
    EscalationState.CONSOLIDATED: "Tiếp nhận, tổng hợp",
    EscalationState.SUBMITTED: "Ghi nhận đã trình",
    EscalationState.CONCLUDED: "Ghi kết luận",
    EscalationState.RESOLVED: "Đã gỡ xong",
    EscalationState.WITHDRAWN: "Rút phản ánh",
}
NOTES: dict[EscalationState, str] = {
    EscalationState.CONSOLIDATED: "Ý kiến của cơ quan tổng hợp",
    EscalationState.SUBMITTED: "Nội dung đề nghị",
    EscalationState.CONCLUDED: "Kết luận",
    EscalationState.RESOLVED: "Kết quả tháo gỡ",
    EscalationState.WITHDRAWN: "Lý do rút",
}


def state_words(state: EscalationState, consolidator: str, submitted_to: str) -> str:
    """A state within a sentence, with the names of its route: "đã trình UBND thành phố".

    `consolidator` is the agency's short name, `submitted_to` the body as the route names it.
    """
    body = submitted_to.replace("Ủy ban nhân dân", "UBND")
    return _STATES[state].format(consolidator=consolidator, submitted_to=body)


def state_label(state: EscalationState, consolidator: str, submitted_to: str) -> str:
    """The same standing alone: "Đã trình UBND thành phố"."""
    words = state_words(state, consolidator, submitted_to)
    return words[:1].upper() + words[1:]

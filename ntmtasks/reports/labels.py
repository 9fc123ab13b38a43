"""Words for reports (wording.md)."""

from ntmtasks.reports.rules.states import Standing

STANDINGS: dict[Standing, str] = {
    Standing.MISSING: "Chưa nộp",
    Standing.SUBMITTED: "Đã nộp",
    Standing.NOT_REQUIRED: "Không yêu cầu",
}

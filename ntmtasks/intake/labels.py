"""Words for what must be clear about an item."""

from ntmtasks.intake.rules.readiness import Clear

CLEAR: dict[Clear, str] = {
    Clear.PERSON: "rõ người",
    Clear.WORK: "rõ việc",
    Clear.TIME: "rõ thời gian",
    Clear.RESULT: "rõ kết quả",
    Clear.DUTY: "rõ trách nhiệm",
}

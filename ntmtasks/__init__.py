"""ntmtasks: a province's yearly plan as tasks with agencies, deadlines, reports and reminders."""

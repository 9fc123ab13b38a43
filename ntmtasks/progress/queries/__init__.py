"""Reading the work on a task, and what of it waits for whom."""

"""Việc của tôi, the board, the task page, what waits for a decision."""

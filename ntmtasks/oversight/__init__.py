"""Overview and overdue (tổng quan, quá hạn)."""

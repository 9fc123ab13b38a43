"""Report requirements, periods and reports (kỳ báo cáo)."""

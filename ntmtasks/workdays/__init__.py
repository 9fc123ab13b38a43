"""Working days and days off (ngày nghỉ)."""

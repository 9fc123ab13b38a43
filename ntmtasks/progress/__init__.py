"""Progress, comments, confirming and returning (cập nhật, ý kiến, xác nhận)."""

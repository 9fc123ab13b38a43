"""An office's own spreadsheet of running work: its columns, its cells, what they mean."""

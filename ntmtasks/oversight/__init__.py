"""Overview, comparison, what changed, pictures, and what is overdue, today and on past days."""

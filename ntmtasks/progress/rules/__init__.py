"""Who may do what with the work on a task."""

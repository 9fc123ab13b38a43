"""Difficulties that an agency cannot clear alone (khó khăn, vướng mắc), and their way up."""

"""The verbs of work under way: posting, deciding."""

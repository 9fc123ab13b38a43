"""Reading reports and their periods."""

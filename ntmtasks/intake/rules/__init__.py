"""Pure functions that read a plan's text; no database, no clock."""

"""Reading a plan, checking what was read, and issuing it as tasks."""

"""The verbs of reports: requiring, sending, asking why one is late."""

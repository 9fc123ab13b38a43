"""Forms of the desk: of daily work, and of asking and directing."""

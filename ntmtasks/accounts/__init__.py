"""People, roles, the rights table, sessions."""

"""Who is reminded of what, when (nhắc việc)."""

"""Questions that only the overview asks, over all rooms below."""

"""The forms of intake."""

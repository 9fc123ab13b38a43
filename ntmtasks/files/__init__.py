"""Stored files (tệp)."""

"""Periods and states of reports."""

"""Agencies, their groups and the fields they look after."""

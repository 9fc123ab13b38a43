"""Mails, notices and what became of them."""

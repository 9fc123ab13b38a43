"""The letters of this room."""

from ntmtasks.outbox.mails import Letter, render
from ntmtasks.progress.models.guests import GuestLink


def guest_link(made: GuestLink, address: str) -> Letter:
    """The letter that brings a guest link (its full `address`) to the agency's mailbox."""
    return render("guest_link", made=made, task=made.assignment.task, address=address)

"""One line of plain text for each event, with its traceback but never with the values of variables:
an address of a mail server carries its password."""

import sys

import structlog


def configure() -> None:
    """Set up the log of this process, on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso"),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        # asked anew for each event: where standard error leads may change while the process lives
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )

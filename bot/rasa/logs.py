"""Rasa logs through structlog; unconfigured, it prints every message of every buyer to standard output."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send what is at or above ``level`` (WARNING, INFO, …) to standard error, and drop the rest unformatted."""
    number = logging.getLevelName(level.upper())
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(
            number if isinstance(number, int) else logging.WARNING
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )

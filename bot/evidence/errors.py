"""Why a file is not taken, or can no longer be shown: a sentence for the buyer, a cause for the log."""

from __future__ import annotations


class EvidenceRefused(Exception):
    """A file that cannot be taken.

    Attributes:
        message_zh: one sentence that may be shown to the buyer as it is.
        cause: a short English reason for the log and for tests.
    """

    def __init__(self, message_zh: str, cause: str) -> None:
        super().__init__(cause)
        self.message_zh = message_zh
        self.cause = cause


class EvidenceDamaged(EvidenceRefused):
    """A kept file is missing, or its bytes are no longer those that were uploaded."""

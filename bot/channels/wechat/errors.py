"""Why a callback is not taken. (What goes wrong when we call the platform is in `api_errors`.)"""

from __future__ import annotations

from typing import Literal

RefusedReason = Literal[
    "missing_field",  # a query field is absent or has an impossible form
    "bad_signature",  # `signature` was not made with our token
    "bad_msg_signature",  # `msg_signature` was not made with our token over this ciphertext
    "stale",  # `timestamp` is too far from our clock
    "replayed",  # signed query of another message
    "oversize",
    "plaintext",  # the account has an AES key, so an open body proves nothing
    "no_aes_key",  # the platform encrypts, but the account has no key
    "undecryptable",
    "wrong_app_id",  # encrypted for another account
    "broken_xml",
    "doctype",  # no callback has one; entity bombs need one
    "bad_message",  # well-formed, but without what every message carries
]


class Refused(Exception):
    """A callback that is not answered as one: forged, replayed, misdirected or unreadable.

    `reason` is safe for logs; nothing of the request is kept.
    """

    def __init__(self, reason: RefusedReason) -> None:
        super().__init__(reason)
        self.reason: RefusedReason = reason

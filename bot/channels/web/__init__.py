"""The web channel: REST for what the buyer sends, server-sent events for what the buyer reads."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).with_name("static")
"""The committed build of the page (its source is in widget/)."""

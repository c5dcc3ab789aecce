"""The agents' desk (人工工作台): its page, its JSON interface and its event streams, all under /desk/."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).with_name("static")
"""The committed build of the page."""

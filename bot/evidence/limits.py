"""How much evidence is taken."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class EvidenceLimits:
    """Sizes in bytes. ``max_pixels`` bounds the memory one picture can take when it is opened.

    64 million pixels let the 50-megapixel photos of today's phones through and stop a small file that
    unpacks to gigabytes.
    """

    image_bytes: int = 10 * MB
    other_bytes: int = 20 * MB
    per_conversation: int = 30
    max_pixels: int = 64_000_000

"""Small pictures to show: the right way up, without place, time, device or comment in them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from bot.evidence.images import open_picture
from bot.evidence.sniff import type_of

SIDE = 320
_QUALITY = 80


def thumbnail_of(data: bytes, max_pixels: int) -> bytes | None:
    """A JPEG of at most 320 × 320 pixels; None for what is no picture.

    Raises:
        EvidenceRefused: as `open_picture`.
    """
    found = type_of(data)
    if found is None or found.family != "image" or found.decoder is None:
        return None
    picture = open_picture(data, found.decoder, max_pixels)
    if picture is None:
        return None
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SIDE, SIDE))
    layer = upright.convert("RGBA")
    # Painted on a new picture: whatever the original carries beside its pixels stays behind.
    clean = Image.new("RGB", layer.size, "white")
    clean.paste(layer, mask=layer)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()

"""Open a picture safely: only the format its bytes promise, only a size that fits into memory."""

from __future__ import annotations

import io
import logging
from typing import Any

from PIL import Image

from bot.evidence.errors import EvidenceRefused

log = logging.getLogger(__name__)

_TOO_LARGE = "这张图片的尺寸太大，打不开。请发一张截图，原图请您自己留好。"
_BROKEN = "这张图片打不开，可能没有传完整。请重新发一次，或者换一张。"
# Enough to read every coded byte of a JPEG without building the full-size picture in memory.
_DRAFT = (512, 512)


def open_picture(data: bytes, decoder: str, max_pixels: int) -> Any:
    """The decoded picture (the first frame of a moving one); None when this machine cannot read HEIC.

    Raises:
        EvidenceRefused: more pixels than ``max_pixels``, or bytes that do not decode.
    """
    try:
        picture: Any = _open_heic(data) if decoder == "HEIF" else _open(data, decoder)
        if picture is None:
            return None
        if picture.size[0] * picture.size[1] > max_pixels:
            raise EvidenceRefused(_TOO_LARGE, f"picture of {picture.size[0]}x{picture.size[1]} pixels")
        if decoder == "HEIF":
            return picture.to_pillow()
        picture.draft("RGB", _DRAFT)
        picture.load()
    except EvidenceRefused:
        raise
    except Image.DecompressionBombError as error:
        raise EvidenceRefused(_TOO_LARGE, f"decompression bomb: {error}") from error
    except Exception as error:  # a hostile file makes a decoder raise almost anything
        raise EvidenceRefused(_BROKEN, f"picture does not decode: {error!r}") from error
    return picture


def _open(data: bytes, decoder: str) -> Any:
    return Image.open(io.BytesIO(data), formats=(decoder,))


def _open_heic(data: bytes) -> Any:
    try:
        import pillow_heif
    except ImportError:
        log.warning("pillow-heif is not installed: HEIC pictures are kept without being opened")
        return None
    return pillow_heif.open_heif(io.BytesIO(data), convert_hdr_to_8bit=True)

"""What a file really is, told from its bytes; its name is never asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import filetype

Family = Literal["image", "video", "pdf", "text"]


@dataclass(frozen=True)
class FileType:
    """One kind of file that is taken. ``decoder`` is Pillow's name for a picture format."""

    mime: str
    extension: str
    family: Family
    decoder: str | None = None


TEXT = FileType("text/plain", "txt", "text")
_HEIC = FileType("image/heic", "heic", "image", "HEIF")
_MP4 = FileType("video/mp4", "mp4", "video")
_BY_MIME = {
    "image/jpeg": FileType("image/jpeg", "jpg", "image", "JPEG"),
    "image/png": FileType("image/png", "png", "image", "PNG"),
    "image/apng": FileType("image/png", "png", "image", "PNG"),
    "image/webp": FileType("image/webp", "webp", "image", "WEBP"),
    "image/gif": FileType("image/gif", "gif", "image", "GIF"),
    "image/heic": _HEIC,
    "application/pdf": FileType("application/pdf", "pdf", "pdf"),
    "video/mp4": _MP4,
    "video/quicktime": FileType("video/quicktime", "mov", "video"),
}
# Brands of the same containers that the library does not know: ten-bit HEIC, recordings of some phones.
_BRANDS = {b"heix": _HEIC, b"heim": _HEIC, b"heis": _HEIC, b"iso2": _MP4, b"iso4": _MP4, b"iso5": _MP4}
_BRANDS |= {b"iso6": _MP4, b"avc1": _MP4, b"M4V ": _MP4, b"3gp4": _MP4, b"3gp5": _MP4}
_MACHO = (b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"dex\n", *_MACHO)
# Tags that make a browser run a file. `<svg` alone is too short to be told from chance in 20 MB of video.
_MARKUP = re.compile(rb"<(?:script|iframe|html|body)[\s>]|<!doctype\s+html|<\?php|<svg[^>]{0,400}xmlns", re.I)


def type_of(data: bytes) -> FileType | None:
    """The type of a file by its first bytes; None when it is none that is taken, or may be text."""
    guessed = filetype.guess(data[:8192])
    if guessed is not None:
        return _BY_MIME.get(guessed.mime) or _by_brand(data)
    return _by_brand(data)


def is_known_other(data: bytes) -> bool:
    """Whether the bytes are clearly some other format (an archive, a song, a font), so not text either."""
    return filetype.guess(data[:8192]) is not None


def is_program(data: bytes) -> bool:
    """Whether the file is made to be run: Windows, Linux, macOS, Java, Android, shell."""
    return data.startswith(_PROGRAMS)


def has_markup(data: bytes) -> bool:
    """Whether a browser could be made to run something inside the file."""
    return _MARKUP.search(data) is not None


def _by_brand(data: bytes) -> FileType | None:
    return _BRANDS.get(data[8:12]) if data[4:8] == b"ftyp" else None

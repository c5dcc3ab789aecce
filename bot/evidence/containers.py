"""Whether a video, a PDF or a text is whole and is nothing but that."""

from __future__ import annotations

import re
import struct
import unicodedata

from bot.evidence.errors import EvidenceRefused

_VIDEO = "这段视频打不开，可能没有录完或没有传完整。请重新发一次。"
_PDF = "这个 PDF 打不开，可能没有传完整。请重新发一次，或者截图发给我。"
_PDF_ACTIVE = "这个 PDF 里带有会自动运行的内容，出于安全原因不能接收。请截图后再发给我。"
_TEXT = "这个文件里有读不出来的内容。请把它截成图片发给我。"
_PDF_RUNS = re.compile(rb"/(?:JavaScript|Launch)\b")
_PDF_TAIL = 2048
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\x0b")


def check_video(data: bytes) -> None:
    """The boxes of an MP4 or MOV file must fill it exactly and hold an index (``moov``).

    Raises:
        EvidenceRefused: cut off, or something else is hung on to it.
    """
    at, seen = 0, set()
    while at < len(data):
        size, name = _box(data, at)
        if size < 8 or at + size > len(data):
            raise EvidenceRefused(_VIDEO, f"box {name!r} at {at} has an impossible size {size}")
        seen.add(name)
        at += size
    if b"moov" not in seen:
        raise EvidenceRefused(_VIDEO, "the video has no index (moov)")


def _box(data: bytes, at: int) -> tuple[int, bytes]:
    """Size and name of the box at ``at`` (ISO/IEC 14496-12): 0 means up to the end, 1 a 64-bit size."""
    if at + 8 > len(data):
        return 0, b""
    size, name = struct.unpack_from(">I4s", data, at)
    if size == 0:
        return len(data) - at, name
    if size == 1 and at + 16 <= len(data):
        return int(struct.unpack_from(">Q", data, at + 8)[0]), name
    return size, name


def check_pdf(data: bytes) -> None:
    """A PDF starts at its first byte, has its end mark, and runs nothing when it is opened.

    Raises:
        EvidenceRefused: one of these is not so.
    """
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-_PDF_TAIL:]:
        raise EvidenceRefused(_PDF, "the PDF has no start or no end mark")
    if _PDF_RUNS.search(data):
        raise EvidenceRefused(_PDF_ACTIVE, "the PDF holds JavaScript or a launch action")


def check_text(data: bytes) -> None:
    """A chat export or note: readable text in UTF-8, UTF-16 with its mark, or GB18030.

    Raises:
        EvidenceRefused: no encoding fits, or there are characters that no text has.
    """
    text = _decoded(data)
    if text is None:
        raise EvidenceRefused(_TEXT, "no text encoding fits")
    for char in set(text):
        if unicodedata.category(char) in ("Cc", "Cn", "Cs") and char not in _ALLOWED_CONTROLS:
            raise EvidenceRefused(_TEXT, f"the text holds the character U+{ord(char):04X}")


def _decoded(data: bytes) -> str | None:
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None

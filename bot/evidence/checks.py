"""Whether a file may be taken as evidence: what it really is, whole, safe and not too large."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zipfile
from dataclasses import dataclass

from bot.evidence.containers import check_pdf, check_text, check_video
from bot.evidence.errors import EvidenceRefused
from bot.evidence.images import open_picture
from bot.evidence.limits import MB, EvidenceLimits
from bot.evidence.sniff import TEXT, FileType, has_markup, is_known_other, is_program, type_of

_EMPTY = "这个文件是空的，请重新选择后再发一次。"
_IMAGE_SIZE = "这张图片有 {size} MB，超过了 {limit} MB 的上限。请发一张截图，原图请您自己留好。"
_FILE_SIZE = "这个文件有 {size} MB，超过了 {limit} MB 的上限。视频可以分段发送，原文件请您自己留好。"
_FORMAT = (
    "这种格式的文件我还打不开。请发图片（JPG、PNG、WebP、HEIC、GIF）、PDF、视频（MP4、MOV）或文本（TXT），"
    "也可以截图发给我。"
)
_UNSAFE = "这个文件是网页或程序，出于安全原因不能接收。请截图后再发给我。"
_CARRIES = "这个文件里夹带了别的内容，出于安全原因不能接收。请发送原始文件，或者截图发给我。"
_UNNAMED = "未命名文件"
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Checked:
    """A file that may be taken. ``name`` is fit to be shown; ``size`` in bytes."""

    name: str
    mime: str
    extension: str
    size: int
    sha256: str


def check_file(name: str, data: bytes, limits: EvidenceLimits) -> Checked:
    """All checks in the order that costs least.

    Raises:
        EvidenceRefused: with a sentence for the buyer.
    """
    if not data:
        raise EvidenceRefused(_EMPTY, "empty file")
    _check_size(data, max(limits.image_bytes, limits.other_bytes), _FILE_SIZE)
    found = _accepted_type(data)
    if found.family == "image":
        _check_size(data, limits.image_bytes, _IMAGE_SIZE)
    else:
        _check_size(data, limits.other_bytes, _FILE_SIZE)
    _refuse_passengers(data, found)
    _check_content(data, found, limits)
    digest = hashlib.sha256(data).hexdigest()
    return Checked(display_name(name), found.mime, found.extension, len(data), digest)


def display_name(name: str) -> str:
    """The file name as it can be shown: no folders, no control or direction marks, not endless."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()
    if len(shown) <= _LONGEST_NAME:
        return shown or _UNNAMED
    stem, dot, extension = shown.rpartition(".")
    ending = dot + extension if stem and len(extension) <= 8 else ""
    return shown[: _LONGEST_NAME - len(ending) - 1] + "…" + ending


def _check_size(data: bytes, limit: int, message: str) -> None:
    if len(data) > limit:
        shown = message.format(size=f"{len(data) / MB:.1f}", limit=f"{limit / MB:g}")
        raise EvidenceRefused(shown, f"{len(data)} bytes, over the limit of {limit}")


def _accepted_type(data: bytes) -> FileType:
    if is_program(data):
        raise EvidenceRefused(_UNSAFE, "a program")
    found = type_of(data)
    if found is not None:
        return found
    if is_known_other(data):
        raise EvidenceRefused(_FORMAT, "a format that is not taken")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<?xml", b"<svg", b"<!doctype", b"<!--")) or has_markup(_without_nul(data)):
        raise EvidenceRefused(_UNSAFE, "a web page or a drawing that can run code")
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EvidenceRefused(_FORMAT, "unknown binary format")
    return TEXT


def _without_nul(data: bytes) -> bytes:
    """So that tags are also seen in UTF-16 text."""
    return data.replace(b"\x00", b"")


def _refuse_passengers(data: bytes, found: FileType) -> None:
    """A file that is two things at once (polyglot) is shown as one and run as the other."""
    if has_markup(data):
        raise EvidenceRefused(_CARRIES, f"{found.mime} with markup inside")
    if found.family != "text" and zipfile.is_zipfile(io.BytesIO(data)):
        raise EvidenceRefused(_CARRIES, f"{found.mime} with an archive hung on to it")
    if found.family != "pdf" and b"%PDF-" in data[:1024]:
        raise EvidenceRefused(_CARRIES, f"{found.mime} with a PDF inside")


def _check_content(data: bytes, found: FileType, limits: EvidenceLimits) -> None:
    if found.family == "image" and found.decoder:
        open_picture(data, found.decoder, limits.max_pixels)
    elif found.family == "video":
        check_video(data)
    elif found.family == "pdf":
        check_pdf(data)
    else:
        check_text(data)

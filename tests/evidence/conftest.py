"""Small files of every kind as the ``samples`` fixture, made on the spot: no binary is in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from types import SimpleNamespace

import pillow_heif
import pytest
from PIL import Image


def picture(format_: str, size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    image = Image.effect_noise(size, 60).convert("RGB")
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.effect_noise((64, 48), 60).convert("RGB")).save(out)
    return out.getvalue()


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def video(brand: bytes = b"isom", *, index: bool = True) -> bytes:
    start = box(b"ftyp", brand + b"\0\0\2\0" + brand)
    return (
        start + box(b"mdat", bytes(range(200))) + (box(b"moov", box(b"mvhd", bytes(100))) if index else b"")
    )


def pdf(body: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + body + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("run.txt", "hello")
    return out.getvalue()


def bomb_png(side: int) -> bytes:
    """A PNG whose header promises ``side`` × ``side`` pixels; a few kB of file."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    rows = zlib.compress(bytes(1 + side // 8) * 200)
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(scope="session")
def samples() -> SimpleNamespace:
    """One good file of each kind in capitals, and the functions that make others."""
    return SimpleNamespace(
        JPEG=picture("JPEG"),
        PNG=picture("PNG"),
        GIF=picture("GIF"),
        WEBP=picture("WEBP"),
        HEIC=heic(),
        MP4=video(),
        MOV=video(b"qt  "),
        PDF=pdf(),
        TXT="买家：杯子是坏的\r\n商家：不是我们的问题".encode(),
        picture=picture,
        video=video,
        box=box,
        pdf=pdf,
        archive=archive,
        bomb_png=bomb_png,
    )

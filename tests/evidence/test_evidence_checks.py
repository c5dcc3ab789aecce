"""Which files are taken and which are not, and in what words a refusal is said."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.evidence.checks import check_file, display_name
from bot.evidence.errors import EvidenceRefused
from bot.evidence.limits import MB, EvidenceLimits

LIMITS = EvidenceLimits()

TAKEN = [
    ("jpeg", lambda s: s.JPEG, "image/jpeg", "jpg"),
    ("progressive jpeg", lambda s: s.picture("JPEG", progressive=True), "image/jpeg", "jpg"),
    ("png", lambda s: s.PNG, "image/png", "png"),
    ("webp", lambda s: s.WEBP, "image/webp", "webp"),
    ("gif", lambda s: s.GIF, "image/gif", "gif"),
    ("heic", lambda s: s.HEIC, "image/heic", "heic"),
    (
        "jpeg with the trailer some phones add",
        lambda s: s.JPEG + b"\0\0SEFT" + bytes(40),
        "image/jpeg",
        "jpg",
    ),
    ("pdf", lambda s: s.PDF, "application/pdf", "pdf"),
    ("mp4", lambda s: s.MP4, "video/mp4", "mp4"),
    ("mp4 of another brand", lambda s: s.video(b"iso5"), "video/mp4", "mp4"),
    ("mov", lambda s: s.MOV, "video/quicktime", "mov"),
    ("utf-8", lambda s: s.TXT, "text/plain", "txt"),
    ("utf-8 with mark", lambda s: b"\xef\xbb\xbf" + s.TXT, "text/plain", "txt"),
    ("gb18030", lambda s: s.TXT.decode().encode("gb18030"), "text/plain", "txt"),
    ("utf-16", lambda s: s.TXT.decode().encode("utf-16"), "text/plain", "txt"),
    ("emoji and <3", lambda s: "好的😊 1<2 <3".encode(), "text/plain", "txt"),
]


@pytest.mark.parametrize(("what", "data", "mime", "extension"), TAKEN, ids=[row[0] for row in TAKEN])
def test_taken_by_content_whatever_the_name(samples: Any, what, data, mime: str, extension: str) -> None:
    data = data(samples)
    for name in ("a.jpg", "a.exe", ""):
        checked = check_file(name, data, LIMITS)
        assert (checked.mime, checked.extension, checked.size) == (mime, extension, len(data))


HTML = b"<html><body onload=alert(1)>x</body></html>"
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
REFUSED = [
    ("empty", lambda s: b"", "空的"),
    ("html", lambda s: HTML, "网页或程序"),
    ("html in capitals after blanks", lambda s: b"\r\n  " + HTML.upper(), "网页或程序"),
    ("html with mark", lambda s: b"\xef\xbb\xbf" + HTML, "网页或程序"),
    ("html in utf-16", lambda s: HTML.decode().encode("utf-16"), "网页或程序"),
    ("html after text", lambda s: b"hello " * 500 + SCRIPT, "网页或程序"),
    ("svg", lambda s: SVG, "网页或程序"),
    ("svg with xml head", lambda s: b'<?xml version="1.0"?>' + SVG, "网页或程序"),
    ("php", lambda s: b"hello <?php system('x'); ?>", "网页或程序"),
    ("windows program", lambda s: b"MZ\x90\x00" + bytes(200), "网页或程序"),
    ("linux program", lambda s: b"\x7fELF\x02\x01\x01" + bytes(200), "网页或程序"),
    ("shell script", lambda s: b"#!/bin/sh\nrm -rf /\n", "网页或程序"),
    ("zip", lambda s: s.archive(), "打不开"),
    ("bmp", lambda s: s.picture("BMP"), "打不开"),
    ("tiff", lambda s: s.picture("TIFF"), "打不开"),
    ("unknown bytes", lambda s: bytes(range(256)) * 4, "打不开"),
    ("jpeg that hides a page", lambda s: s.JPEG + SCRIPT, "夹带"),
    ("jpeg with a page in its comment", lambda s: s.picture("JPEG", comment=SCRIPT), "夹带"),
    ("gif that is also a page", lambda s: s.GIF[:-1] + SVG + b";", "夹带"),
    ("png with an archive", lambda s: s.PNG + s.archive(), "夹带"),
    ("pdf with an archive", lambda s: s.PDF + s.archive(), "夹带"),
    ("video with a page", lambda s: s.MP4 + s.box(b"free", HTML), "夹带"),
    ("gif that is also a pdf", lambda s: s.GIF[:20] + b"%PDF-1.4" + s.GIF[20:], "夹带"),
    ("gif head and script", lambda s: b"GIF89a=1;alert(1)//" + bytes(40), "打不开"),
    ("cut jpeg", lambda s: s.JPEG[: len(s.JPEG) // 2], "没有传完整"),
    ("cut png", lambda s: s.PNG[: len(s.PNG) // 2], "没有传完整"),
    ("cut heic", lambda s: s.HEIC[: len(s.HEIC) // 2], "没有传完整"),
    ("huge picture in a small file", lambda s: s.bomb_png(9_000), "尺寸太大"),
    ("decompression bomb", lambda s: s.bomb_png(60_000), "尺寸太大"),
    ("cut video", lambda s: s.MP4[:-20], "没有录完"),
    ("video without index", lambda s: s.video(index=False), "没有录完"),
    ("video and rest", lambda s: s.MP4 + b"abc", "没有录完"),
    ("cut pdf", lambda s: s.PDF[:30], "没有传完整"),
    ("pdf that runs a script", lambda s: s.pdf(b"<</S/JavaScript/JS(app.alert)>>"), "自动运行"),
    ("pdf that starts a program", lambda s: s.pdf(b"<</S/Launch>>"), "自动运行"),
    ("bytes of no text", lambda s: b"abc\x01\x02\x03def", "读不出来"),
]


@pytest.mark.parametrize(("what", "data", "says"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_in_plain_chinese(samples: Any, what: str, data, says: str) -> None:
    with pytest.raises(EvidenceRefused) as caught:
        check_file("证据.jpg", data(samples), LIMITS)
    message = caught.value.message_zh
    assert says in message
    assert message.endswith("。")
    # The names of the formats are the only Latin letters, and no word of ours is a technical one.
    latin = set(re.findall(r"[A-Za-z]+", message))
    assert latin <= {"JPG", "PNG", "WebP", "HEIC", "GIF", "PDF", "MP", "MOV", "TXT", "MB"}
    assert not re.search("解码|字节|编码|二进制|异常|错误码|魔数|脚本", message)
    assert caught.value.cause.isascii()


SMALL = EvidenceLimits(image_bytes=2 * MB, other_bytes=3 * MB)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (lambda s: s.JPEG + bytes(2 * MB), "这张图片有 2.0 MB，超过了 2 MB 的上限"),
        (lambda s: s.TXT + b"a" * 3 * MB, "这个文件有 3.0 MB，超过了 3 MB 的上限"),
        (lambda s: s.JPEG + bytes(4 * MB), "超过了 3 MB 的上限"),
    ],
)
def test_too_large(samples: Any, data, says: str) -> None:
    with pytest.raises(EvidenceRefused) as caught:
        check_file("a", data(samples), SMALL)
    assert says in caught.value.message_zh


def test_a_file_of_just_the_limit_is_taken(samples: Any) -> None:
    exactly = EvidenceLimits(image_bytes=len(samples.JPEG), other_bytes=len(samples.TXT))
    assert check_file("a", samples.JPEG, exactly).size == len(samples.JPEG)
    assert check_file(
        "a", samples.TXT, EvidenceLimits(image_bytes=0, other_bytes=len(samples.TXT))
    ).size == len(samples.TXT)


def test_the_limits_of_the_specification() -> None:
    assert (LIMITS.image_bytes, LIMITS.other_bytes, LIMITS.per_conversation) == (10 * MB, 20 * MB, 30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300), kind=st.sampled_from(["TXT", "JPEG", "PNG", "GIF", "MP4", "PDF", "HEIC"])
)
def test_hostile_bytes_are_taken_or_refused_and_nothing_else(samples: Any, data: bytes, kind: str) -> None:
    good = getattr(samples, kind)
    for hostile in (data, good[:40] + data, good + data):
        try:
            assert check_file("a", hostile, LIMITS).size == len(hostile)
        except EvidenceRefused as refused:
            assert refused.message_zh.endswith("。")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("图片.jpg", "图片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\杯子.jpg", "杯子.jpg"),
        ("a\x00b\nc\u202egpj.exe", "abcgpj.exe"),
        ("", "未命名文件"),
        ("///", "未命名文件"),
        ("\ud83d.jpg", ".jpg"),
        ("长" * 300 + ".jpg", "长" * 115 + "….jpg"),
        ("长" * 300, "长" * 119 + "…"),
    ],
)
def test_the_name_is_fit_to_be_shown(name: str, shown: str) -> None:
    assert display_name(name) == shown
    assert len(shown) <= 120

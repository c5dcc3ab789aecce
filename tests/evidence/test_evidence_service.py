"""Files from upload to erasure: kept unchanged, entered once, shown without what they give away."""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cases.service import CaseService
from bot.cases.session import turn_of
from bot.cases.sql_store import SqlCaseStore
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.disputes.facts import SHANGHAI
from bot.evidence.errors import EvidenceDamaged, EvidenceRefused
from bot.evidence.limits import EvidenceLimits
from bot.evidence.service import EvidenceService

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
async def cases(tmp_path: Path) -> AsyncIterator[CaseService]:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    upgrade(url)
    database = Database(url)
    await database.connect()
    yield CaseService(SqlCaseStore(), database)
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
def service(folder: Path, cases: CaseService) -> EvidenceService:
    return EvidenceService(folder, cases)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_the_original_bytes_are_kept(
    samples: Any, service: EvidenceService, cases: CaseService, folder: Path
) -> None:
    item = await service.add("c1", "../杯子.jpg", samples.JPEG, NOW, "m1")
    assert (item.name, item.mime, item.size, item.kind) == ("杯子.jpg", "image/jpeg", len(samples.JPEG), None)
    assert item.sha256 == hashlib.sha256(samples.JPEG).hexdigest()
    assert (item.uploaded_at, item.message_id, item.source) == (NOW, "m1", "upload")
    assert await service.open(item) == samples.JPEG
    assert (await cases.find("c1")).evidence == [item]
    [kept] = files_in(folder)
    assert "杯子" not in str(kept)
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_the_same_bytes_are_the_same_item(samples: Any, service: EvidenceService, folder: Path) -> None:
    first = await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    assert await service.add("c1", "b.jpg", samples.JPEG, NOW, "m2") == first
    assert len(files_in(folder)) == 1
    other = await service.add("c2", "a.jpg", samples.JPEG, NOW, "m3")
    assert (other.id != first.id, other.path != first.path) == (True, True)


async def test_the_same_bytes_at_the_same_time(
    samples: Any, service: EvidenceService, cases: CaseService, folder: Path
) -> None:
    items = await asyncio.gather(
        *(service.add("c1", f"{n}.jpg", samples.JPEG, NOW, f"m{n}") for n in range(4))
    )
    assert len({item.id for item in items}) == 1
    assert len((await cases.find("c1")).evidence) == len(files_in(folder)) == 1


async def test_in_a_turn_the_item_belongs_to_the_turn(
    samples: Any, service: EvidenceService, cases: CaseService
) -> None:
    session = cases.session()
    with turn_of(session):
        item = await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1", kind="E08")
        assert (await cases.find("c1")).evidence == [item]
    assert await cases.find("c1") is None


async def test_a_refused_file_leaves_nothing(
    service: EvidenceService, cases: CaseService, folder: Path
) -> None:
    with pytest.raises(EvidenceRefused):
        await service.add("c1", "a.jpg", b"<html>", NOW, "m1")
    assert await cases.find("c1") is None
    assert files_in(folder) == []


async def test_the_limit_counts_closed_cases_of_the_conversation(
    samples: Any, folder: Path, cases: CaseService
) -> None:
    service = EvidenceService(folder, cases, EvidenceLimits(per_conversation=2))
    await service.add("c1", "a", samples.JPEG, NOW, "m1")
    await cases.start_over("c1", NOW)
    await service.add("c1", "b", samples.PNG, NOW, "m2")
    with pytest.raises(EvidenceRefused) as caught:
        await service.add("c1", "c", samples.PDF, NOW, "m3")
    assert "最多收 2 个文件" in caught.value.message_zh
    assert len(files_in(folder)) == 2
    await service.add("c2", "c", samples.PDF, NOW, "m4")


async def test_a_folder_that_cannot_be_written(
    samples: Any, tmp_path: Path, cases: CaseService, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    service = EvidenceService(tmp_path / "file" / "evidence", cases)
    with caplog.at_level(logging.ERROR), pytest.raises(EvidenceRefused) as caught:
        await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    assert caught.value.message_zh == "文件暂时没能保存，请过几分钟再发一次。手机里的原文件请先不要删除。"
    assert "evidence cannot be written under" in caplog.text
    assert await cases.find("c1") is None


async def test_a_disk_that_fills_up_leaves_no_half_file(
    samples: Any, service: EvidenceService, cases: CaseService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.evidence.storage.os.fsync", full)
    with pytest.raises(EvidenceRefused, match="No space left"):
        await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    assert files_in(folder) == []
    assert await cases.find("c1") is None


async def test_a_case_that_cannot_be_stored_leaves_no_file(
    samples: Any, service: EvidenceService, cases: CaseService, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: object, tx: object, case: object, before: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(SqlCaseStore, "save", broken)
    with pytest.raises(RuntimeError):
        await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    assert files_in(folder) == []


async def test_changed_or_missing_files_are_noticed(
    samples: Any, service: EvidenceService, folder: Path
) -> None:
    item = await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    [kept] = files_in(folder)
    kept.write_bytes(samples.JPEG + b"x")
    with pytest.raises(EvidenceDamaged, match="changed on disk"):
        await service.open(item)
    kept.unlink()
    with pytest.raises(EvidenceDamaged) as caught:
        await service.open(item)
    assert "找不到" in caught.value.message_zh


@pytest.mark.parametrize("path", ["../bot.db", "/etc/passwd", "a/../../bot.db"])
async def test_no_path_leads_out_of_the_folder(samples: Any, service: EvidenceService, path: str) -> None:
    item = await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    item.path = path
    with pytest.raises(EvidenceDamaged, match="outside"):
        await service.open(item)


def with_private_data(samples: Any) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: to be shown turned by 90 degrees
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 3.0)
    return samples.picture(
        "JPEG", (640, 480), exif=exif, comment=b"SecretComment", icc_profile=b"SecretProfile" * 20
    )


async def test_a_thumbnail_gives_nothing_away(samples: Any, service: EvidenceService) -> None:
    data = with_private_data(samples)
    assert b"SecretPhone" in data
    assert b"SecretComment" in data
    small = await service.thumbnail(await service.add("c1", "a.jpg", data, NOW, "m1"))
    shown = Image.open(io.BytesIO(small))
    assert (shown.format, shown.size) == ("JPEG", (240, 320))
    assert not shown.getexif()
    assert b"Secret" not in small
    assert b"Exif" not in small


@pytest.mark.parametrize(
    ("kind", "has"), [("PNG", True), ("HEIC", True), ("MP4", False), ("PDF", False), ("TXT", False)]
)
async def test_only_pictures_have_thumbnails(
    samples: Any, service: EvidenceService, kind: str, has: bool
) -> None:
    item = await service.add("c1", "a", getattr(samples, kind), NOW, "m1")
    assert (await service.thumbnail(item) is not None) is has


async def test_a_thumbnail_is_made_once_and_never_of_changed_bytes(
    samples: Any, service: EvidenceService, folder: Path
) -> None:
    item = await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    (folder / item.path).write_bytes(samples.PNG)
    with pytest.raises(EvidenceDamaged):
        await service.thumbnail(item)
    (folder / item.path).write_bytes(samples.JPEG)
    first = await service.thumbnail(item)
    (folder / item.path).unlink()
    assert await service.thumbnail(item) == first


async def test_a_transparent_picture_gets_a_white_ground(service: EvidenceService) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    small = await service.thumbnail(await service.add("c1", "a.png", out.getvalue(), NOW, "m1"))
    assert Image.open(io.BytesIO(small)).getpixel((5, 5)) == (255, 255, 255)


async def test_erasing_takes_files_thumbnails_and_cases(
    samples: Any, service: EvidenceService, cases: CaseService, folder: Path
) -> None:
    gone = await service.add("c1", "a.jpg", samples.JPEG, NOW, "m1")
    stays = await service.add("c2", "a.jpg", samples.JPEG, NOW, "m2")
    await service.thumbnail(gone)
    for _ in range(2):
        await service.erase("c1", NOW)
        assert await cases.of_conversation("c1") == []
        assert files_in(folder) == [folder / stays.path]

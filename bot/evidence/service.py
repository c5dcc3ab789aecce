"""Take, keep and give back the buyer's files."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.cases.model import Case, EvidenceItem
from bot.cases.service import CaseService
from bot.evidence.checks import Checked, check_file
from bot.evidence.errors import EvidenceDamaged, EvidenceRefused
from bot.evidence.limits import EvidenceLimits
from bot.evidence.storage import EvidenceStorage
from bot.evidence.thumbnails import thumbnail_of

log = logging.getLogger(__name__)

_FULL = "一次咨询最多收 {limit} 个文件，已经收满了。其余的文件请自己留好，平台要求举证时再提交。"
_CHANGED = "这份文件和上传时不一致，暂时不能使用。如果您还留着原文件，请重新发一次。"
# Opening a large picture takes hundreds of MB for a moment; more at once would not be faster.
_AT_ONCE = 2


class EvidenceService:
    """Evidence of all conversations, in one folder: the case says what there is, the folder has the bytes."""

    def __init__(self, storage_dir: Path, cases: CaseService, limits: EvidenceLimits | None = None) -> None:
        self._storage = EvidenceStorage(storage_dir)
        self._cases = cases
        self.limits = limits or EvidenceLimits()
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def check(self, name: str, data: bytes) -> Checked:
        """What the file is, if it may be taken. Takes time for a large picture: not for the event loop.

        Raises:
            EvidenceRefused: with a sentence for the buyer.
        """
        return check_file(name, data, self.limits)

    async def add(
        self,
        conversation_id: str,
        name: str,
        data: bytes,
        now: datetime,
        message_id: str | None = None,
        *,
        kind: str | None = None,
        source: str = "upload",
    ) -> EvidenceItem:
        """Check a file, keep its bytes unchanged and enter it in the active case.

        The same bytes once more are the item that is there already.

        Args:
            kind: what it shows (E01 to E20), None when nobody has said so yet.

        Raises:
            EvidenceRefused: with a sentence for the buyer; nothing was kept.
        """
        async with self._slots:
            checked = await asyncio.to_thread(self.check, name, data)
        held = _held(await self._cases.find(conversation_id), checked.sha256)
        if held is not None:
            return held
        # The file comes first: a record without its file would be a false promise, the reverse is only waste.
        path = await asyncio.to_thread(self._storage.write, data, checked.extension)
        wanted = _item(checked, path, now, message_id, kind, source)
        item: EvidenceItem | None = None
        try:
            item = await self._enter(conversation_id, wanted, now)
        finally:
            if item is not wanted:
                self._storage.delete(path)
        return item

    async def open(self, item: EvidenceItem) -> bytes:
        """The original bytes, proven by their SHA-256.

        Raises:
            EvidenceDamaged: the file is gone or was changed.
        """
        data = await asyncio.to_thread(self._storage.read, item.path)
        if hashlib.sha256(data).hexdigest() != item.sha256:
            log.error("evidence %s no longer has its SHA-256", item.id)
            raise EvidenceDamaged(_CHANGED, f"evidence {item.id} was changed on disk")
        return data

    async def thumbnail(self, item: EvidenceItem) -> bytes | None:
        """A small JPEG without EXIF; None for what is no picture. Made once, then kept.

        Raises:
            EvidenceDamaged: as `open`.
        """
        if not item.mime.startswith("image/"):
            return None
        kept = await asyncio.to_thread(self._kept_thumbnail, item)
        if kept is not None:
            return kept
        data = await self.open(item)
        async with self._slots:
            small = await asyncio.to_thread(thumbnail_of, data, self.limits.max_pixels)
        if small is not None:
            await asyncio.to_thread(self._keep_thumbnail, item, small)
        return small

    async def erase(self, conversation_id: str, now: datetime) -> None:
        """Remove the conversation's cases and files for good (个人信息删除); may be repeated."""
        # Files first: while their record exists, an erasure that was interrupted can be finished.
        await self._delete_files(await self._cases.of_conversation(conversation_id))
        await self._delete_files(await self._cases.erase(conversation_id))
        log.info("cases and evidence of a conversation erased at %s", now.isoformat())

    async def _delete_files(self, cases: Sequence[Case]) -> None:
        for item in [item for case in cases for item in case.evidence]:
            await asyncio.to_thread(self._storage.delete, item.path)
            await asyncio.to_thread(self._storage.delete, _thumbnail_path(item))

    async def _enter(self, conversation_id: str, item: EvidenceItem, now: datetime) -> EvidenceItem:
        stored = await self._cases.of_conversation(conversation_id)
        async with self._cases.edit(conversation_id, now) as case:
            held = _held(case, item.sha256)
            if held is not None:
                return held
            count = len(case.evidence) + sum(len(one.evidence) for one in stored if one.id != case.id)
            if count >= self.limits.per_conversation:
                message = _FULL.format(limit=self.limits.per_conversation)
                raise EvidenceRefused(message, f"already {count} files in this conversation")
            return case.add_evidence(item, now)

    def _kept_thumbnail(self, item: EvidenceItem) -> bytes | None:
        path = self._storage.root / _thumbnail_path(item)
        try:
            return path.read_bytes()
        except OSError:
            return None

    def _keep_thumbnail(self, item: EvidenceItem, small: bytes) -> None:
        try:
            self._storage.put(_thumbnail_path(item), small)
        except OSError as error:  # it can be made again
            log.warning("thumbnail of evidence %s cannot be kept: %s", item.id, error)


def _item(
    checked: Checked, path: str, now: datetime, message_id: str | None, kind: str | None, source: str
) -> EvidenceItem:
    return EvidenceItem(
        id=secrets.token_hex(8),
        kind=kind,
        name=checked.name,
        mime=checked.mime,
        size=checked.size,
        sha256=checked.sha256,
        path=path,
        uploaded_at=now,
        message_id=message_id,
        source=source,
    )


def _held(case: Case | None, sha256: str) -> EvidenceItem | None:
    return next((item for item in case.evidence if item.sha256 == sha256), None) if case else None


def _thumbnail_path(item: EvidenceItem) -> str:
    return f"thumbnails/{item.path.rsplit('.', 1)[0]}.jpg"

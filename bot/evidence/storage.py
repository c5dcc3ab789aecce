"""Original files on disk, written whole or not at all, under names that say nothing."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.evidence.errors import EvidenceDamaged, EvidenceRefused

log = logging.getLogger(__name__)

_NOT_SAVED = "文件暂时没能保存，请过几分钟再发一次。手机里的原文件请先不要删除。"
_NOT_FOUND = "这份文件暂时找不到了。如果您还留着原文件，请重新发一次。"


class EvidenceStorage:
    """A folder of files. Paths given out are relative to it; nothing outside it can be named."""

    def __init__(self, root: Path) -> None:
        """The folder is made with the first file, not here."""
        self.root = root

    def write(self, data: bytes, extension: str) -> str:
        """Keep ``data``; returns its path. The file is on the disk, whole, when this returns.

        Raises:
            EvidenceRefused: the folder cannot be written or the disk is full.
        """
        name = secrets.token_hex(16)
        path = f"{name[:2]}/{name}.{extension}"
        try:
            self.put(path, data)
        except OSError as error:
            log.error("evidence cannot be written under %s: %s", self.root, error)
            raise EvidenceRefused(_NOT_SAVED, f"evidence folder: {error}") from error
        return path

    def put(self, path: str, data: bytes) -> None:
        """Write a file under a given path: aside first, then renamed in one step (OSError on failure)."""
        target = self._inside(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        except BaseException:
            with suppress(OSError):
                aside.unlink()
            raise
        _sync_folder(target.parent)

    def read(self, path: str) -> bytes:
        """The bytes of a kept file.

        Raises:
            EvidenceDamaged: the file is gone or cannot be read.
        """
        try:
            return self._inside(path).read_bytes()
        except OSError as error:
            log.error("evidence %s cannot be read: %s", path, error)
            raise EvidenceDamaged(_NOT_FOUND, f"evidence file: {error}") from error

    def delete(self, path: str) -> None:
        """Remove a file; one that is gone already is fine, one that resists is logged."""
        try:
            self._inside(path).unlink(missing_ok=True)
        except OSError as error:
            log.error("evidence %s cannot be removed: %s", path, error)

    def _inside(self, path: str) -> Path:
        target = (self.root / path).resolve()
        if not target.is_relative_to(self.root.resolve()):
            raise EvidenceDamaged(_NOT_FOUND, f"a path outside the evidence folder: {path!r}")
        return target


def _sync_folder(folder: Path) -> None:
    """Make a new name survive a power cut; not every file system can do this, and then it is skipped."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

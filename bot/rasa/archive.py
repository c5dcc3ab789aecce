"""Finding the model archive and telling whether it is whole, without loading Rasa."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from pathlib import Path

_METADATA = "metadata.json"
_CHUNK = 1 << 20


class NoModel(Exception):
    """There is no trained model to load."""


class ModelDamaged(Exception):
    """The archive is cut off, altered or no model at all."""


def archives(folder: Path) -> list[Path]:
    """The model archives of a folder, the newest last."""
    return sorted(folder.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)


def newest_model(folder: Path) -> Path:
    """The newest archive.

    Raises:
        NoModel: there is none.
    """
    found = archives(folder)
    if not found:
        raise NoModel(f"there is no trained model in {folder}: run `bot train` first")
    return found[-1]


def check_archive(archive: Path) -> None:
    """Read the archive through; 0.2 s for one of 12 MB.

    Raises:
        NoModel: there is no such file.
        ModelDamaged: it is no whole model archive.
    """
    if not archive.is_file():
        raise NoModel(f"there is no model {archive}: name an archive (*.tar.gz) that `bot train` wrote")
    fault = archive_fault(archive)
    if fault:
        raise ModelDamaged(f"the model {archive} is damaged ({fault}): delete it and run `bot train`")


def archive_fault(archive: Path) -> str | None:
    """Why this is no whole model archive, or None."""
    try:
        with gzip.open(archive) as unpacked:  # to the end: the checksum stands there
            while unpacked.read(_CHUNK):
                pass
        with tarfile.open(archive, "r:gz") as tar:
            names = {Path(name).as_posix() for name in tar.getnames()}
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        return str(error) or type(error).__name__
    return None if _METADATA in names else f"it holds no {_METADATA}"


def read_member(archive: Path, name: str) -> bytes | None:
    """What the file `name` of some component holds; None when no component has it or the archive is damaged."""
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                if Path(member.name).name == name and (file := tar.extractfile(member)):
                    return file.read()
    except (OSError, EOFError, zlib.error, tarfile.TarError):
        return None
    return None

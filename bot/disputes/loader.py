"""Reading YAML strictly: every problem is a RulebookError that names the file and the key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RulebookError(ValueError):
    """The packaged or overriding data is wrong. `where` names file and key."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class Reader:
    """One mapping of a YAML file, read key by key. `done()` refuses keys that nobody asked for."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            raise RulebookError(where, f"expected a mapping, found {type(data).__name__}")
        self._data: dict[Any, Any] = data
        self._seen: set[Any] = set()
        self.where = where

    def raw(self, key: str) -> Any:
        self._seen.add(key)
        return self._data.get(key)

    def raw_keys(self) -> tuple[str, ...]:
        return tuple(str(key) for key in self._data)

    def text(self, key: str) -> str:
        value = self.raw(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise RulebookError(f"{self.where}.{key}", "is required")
        return self._as_text(key, value)

    def opt_text(self, key: str) -> str | None:
        value = self.raw(key)
        return None if value is None or value == "" else self._as_text(key, value)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key)
        if value is None:
            return ()
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            raise RulebookError(f"{self.where}.{key}", "expected a list")
        return tuple(self._as_text(key, item) for item in value)

    def text_map(self, key: str) -> dict[str, str]:
        value = self.raw(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise RulebookError(f"{self.where}.{key}", "expected a mapping")
        return {str(k): self._as_text(key, v) for k, v in value.items()}

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise RulebookError(f"{self.where}.{key}", "expected true or false")
        return value

    def number(self, key: str) -> int | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise RulebookError(f"{self.where}.{key}", "expected a whole number")
        return value

    def day(self, key: str) -> date:
        value = self.raw(key)
        if not isinstance(value, date):
            raise RulebookError(f"{self.where}.{key}", "expected a date like 2026-11-21")
        return value

    def opt_day(self, key: str) -> date | None:
        return self.day(key) if self.raw(key) is not None else None

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key) if default is None else (self.opt_text(key) or default)
        if value not in allowed:
            raise RulebookError(f"{self.where}.{key}", f"must be one of {', '.join(allowed)}, not {value!r}")
        return value

    def items(self, key: str) -> list[Reader]:
        value = self.raw(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise RulebookError(f"{self.where}.{key}", "expected a list")
        return [Reader(item, f"{self.where}.{key}[{index}]") for index, item in enumerate(value)]

    def child(self, key: str) -> Reader | None:
        value = self.raw(key)
        return None if value is None else Reader(value, f"{self.where}.{key}")

    def children(self) -> Iterator[tuple[str, Reader]]:
        """Every key of this mapping with its own mapping."""
        for key, value in self._data.items():
            self._seen.add(key)
            yield str(key), Reader(value, f"{self.where}.{key}")

    def done(self) -> None:
        extra = [str(key) for key in self._data if key not in self._seen]
        if extra:
            raise RulebookError(self.where, f"unknown key {', '.join(sorted(extra))}")

    def _as_text(self, key: str, value: object) -> str:
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value).strip()
        raise RulebookError(f"{self.where}.{key}", f"expected text, found {type(value).__name__}")


def read_mapping(file: Path) -> Reader:
    """One YAML file whose top is a mapping. Raises RulebookError for unreadable or malformed YAML."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except OSError as error:
        raise RulebookError(file.name, f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise RulebookError(file.name, f"is not valid YAML: {error}") from error
    return Reader(data, f"{file.parent.name}/{file.name}")


def yaml_files(folder: str, overrides: Path | None) -> list[Path]:
    """The packaged *.yml of a folder, replaced by name and extended by those of `overrides`/<folder>."""
    found = {path.name: path for path in sorted((Path(__file__).parent / folder).glob("*.yml"))}
    if overrides is not None:
        found.update({path.name: path for path in sorted((overrides / folder).glob("*.yml"))})
    return [found[name] for name in sorted(found)]


def yaml_file(name: str, overrides: Path | None) -> Path:
    """One packaged file, or the one of the same name in `overrides`."""
    if overrides is not None and (overrides / name).is_file():
        return overrides / name
    return Path(__file__).with_name(name)

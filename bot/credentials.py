"""The operator's accounts on messaging platforms, from ``credentials.yml``."""

from __future__ import annotations

from typing import Any

import yaml

from bot.settings import Settings, SettingsError


def read_credentials(settings: Settings) -> dict[str, Any]:
    """The file's content by channel; nothing when there is no file. ``${NAME}`` is left as it stands.

    Raises:
        SettingsError: the file cannot be read or is no mapping; its content, which may be secret, is not named.
    """
    file = settings.credentials
    try:
        found = yaml.safe_load(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"the file {file} cannot be read ({error.strerror}): check its rights") from None
    except UnicodeDecodeError:
        raise SettingsError(f"the file {file} is not UTF-8: save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise SettingsError(f"the file {file} is not YAML{where}: correct it") from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise SettingsError(
            f"the file {file} must have a channel's name at the start of each block: correct it"
        )
    return found

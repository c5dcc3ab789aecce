"""Personal data out of a whole record: every text is masked unless its key says that it is no one's words."""

from __future__ import annotations

from typing import Any

from bot.handoff.redaction import KINDS, redact

MASKED_KINDS = {**KINDS, "platform_user": "平台用户标识"}
"""What may stand in ``privacy.masked_fields``, with its Chinese name."""

_IDS = (
    "id",
    "handoff_id",
    "conversation_id",
    "evidence_id",
    "message_id",
    "trigger_message_id",
    "in_reply_to",
)
_CODES = (
    "schema",
    "code",
    "kind",
    "mime",
    "type",
    "origin",
    "certainty",
    "stage",
    "locale",
    "state",
    "delivery",
)
_MORE_CODES = ("source", "level", "who", "sha256", "canonical", "console", "url")
_TIMES = ("at", "ts", "due", "told", "as_of", "created_at", "requested_at", "claimed_at", "ended_at")
_AS_IT_IS = frozenset((*_IDS, *_CODES, *_MORE_CODES, *_TIMES, "opened_at", "uploaded_at"))
"""Keys of ids, hashes, codes and times. A key that is not here is masked: a new field is private until shown not
to be."""


def mask_record(
    record: dict[str, Any], platform_user: str | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The record without personal data, and what was masked where.

    Args:
        platform_user: the buyer's id at a messaging platform; it is replaced wherever it stands.

    Returns:
        The masked record, and for each field its JSON pointer and the kinds (keys of `MASKED_KINDS`) in it.
    """
    walk = _Walk(platform_user)
    return walk.dictionary(whole(record), ""), walk.fields


def whole(value: Any) -> Any:
    """``value`` with half surrogate pairs replaced, which no UTF-8 file can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: whole(one) for key, one in value.items()}
    return [whole(one) for one in value] if isinstance(value, list) else value


class _Walk:
    def __init__(self, platform_user: str | None) -> None:
        self._user = platform_user
        self.fields: list[dict[str, Any]] = []

    def dictionary(self, value: dict[str, Any], at: str) -> dict[str, Any]:
        # A fact's label says what its bare value is: 19 digits after 订单号 are no bank card.
        label = f"{value['label']}：" if "value" in value and "label" in value else ""
        return {
            key: self._any(one, f"{at}/{key}", key, label if key in ("value", "text") else "")
            for key, one in value.items()
        }

    def _any(self, value: Any, at: str, key: str, label: str) -> Any:
        if isinstance(value, dict):
            return self.dictionary(value, at)
        if isinstance(value, list):
            return [self._any(one, f"{at}/{no}", key, label) for no, one in enumerate(value)]
        return self._text(value, at, key, label) if isinstance(value, str) else value

    def _text(self, text: str, at: str, key: str, label: str) -> str:
        shown, kinds = text, []
        if self._user and self._user in shown:
            shown = shown.replace(self._user, f"****{self._user[-4:]}")
            kinds.append("platform_user")
        if key not in _AS_IT_IS:
            redacted = redact(label + shown)
            shown = redacted.text.removeprefix(label)
            kinds += redacted.kinds
        if kinds:
            self.fields.append({"field": at, "kinds": kinds})
        return shown

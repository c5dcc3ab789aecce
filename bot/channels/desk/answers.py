"""What the desk answers when something is refused, and how fields of a request are read."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import unquote

from sanic.request import Request

from bot.channels.web.answers import ApiError, as_api_error, optional_text
from bot.conversation.errors import ConversationErased
from bot.conversation.sanitise import clean_text, is_identifier
from bot.disputes.facts import LARGEST_AMOUNT, SHANGHAI
from bot.handoff.errors import HandoffError

LONGEST_CLIENT_ID = 64
_STATUS = {"already_claimed": 409, "not_yours": 409, "wrong_state": 409, "unknown": 404}
_CENT = Decimal("0.01")
_FARTHEST = timedelta(days=366)


def not_found() -> ApiError:
    """Not there, or not for this agent: the same answer, so that ids cannot be tried out."""
    return ApiError(404, "not_found", "没有找到这条记录，可能已经处理完或不在您的权限内。")


def as_desk_error(error: Exception) -> ApiError:
    """Any exception as an answer; what we did not foresee is logged under a number and stays inside."""
    if isinstance(error, ConversationErased):
        # Not 401 as for the buyer, whose session ends here: the agent stays signed in.
        return ApiError(410, "conversation_erased", "买家已经删除了这个会话，内容不能再查看。")
    if isinstance(error, HandoffError):
        return ApiError(_STATUS.get(error.code, 400), error.code, error.message_zh)
    return as_api_error(error)


def path_id(raw: str) -> str:
    """An id out of the path, where a browser writes ":" as %3A. Raises ApiError 404."""
    decoded = unquote(raw)
    if not is_identifier(decoded):
        raise not_found()
    return decoded


def needed_text(body: dict[str, Any], key: str, limit: int, empty_zh: str) -> str:
    """A text that has to be there. Raises ApiError 400 with ``empty_zh``."""
    text = clean_text(optional_text(body, key, limit) or "")
    if not text:
        raise ApiError(400, "empty_text", empty_zh)
    return text


def optional_amount(body: dict[str, Any], key: str = "amount") -> Decimal | None:
    """An amount in yuan with at most two places, None when absent. Raises ApiError 400."""
    value = body.get(key)
    if value is None or value == "":
        return None
    refused = ApiError(400, "bad_amount", "金额请写成大于 0 的数字，最多两位小数，例如 120.50。")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise refused
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise refused from None
    if not amount.is_finite() or not 0 < amount <= LARGEST_AMOUNT or amount != amount.quantize(_CENT):
        raise refused
    return amount.quantize(_CENT)


def optional_moment(body: dict[str, Any], key: str, now: datetime) -> datetime | None:
    """A moment after ``now`` (a time without a zone is Beijing time), None when absent. Raises ApiError 400."""
    value = optional_text(body, key, 40)
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise ApiError(400, "bad_time", "时间没有看懂，请重新选择截止时间。") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if moment <= now:
        raise ApiError(400, "past_time", "截止时间要晚于现在，请重新选择。")
    if moment > now + _FARTHEST:
        raise ApiError(400, "far_time", "截止时间太远了，请选一年以内的时间。")
    return moment.astimezone(SHANGHAI)


def read_client_id(value: object) -> str:
    """The page's own id of a line, by which a repeated request is known. Raises ApiError 400."""
    if not is_identifier(value) or len(str(value)) > LONGEST_CLIENT_ID:
        raise ApiError(400, "bad_client_msg_id", "字段 client_msg_id 必须是 1–64 位字母、数字或 . _ : - 。")
    return str(value)


def flag(request: Request, key: str) -> bool:
    """Whether a query argument is switched on with 1."""
    return bool(request.args.get(key) == "1")


def address_of(request: Request) -> str:
    """The client's address; behind a trusted proxy Sanic fills in remote_addr (PROXIES_COUNT)."""
    return request.remote_addr or request.ip or "unknown"

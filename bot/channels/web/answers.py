"""What the web channel answers: JSON, and for every failure a code and a Chinese sentence, never a traceback."""

from __future__ import annotations

import functools
import json
import logging
import secrets
from collections.abc import Callable, Coroutine
from typing import Any

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.errors import ConversationErased, RoadError

logger = logging.getLogger(__name__)

MAX_JSON = 64 * 1024  # bytes
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


class ApiError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, message_zh: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message_zh = message_zh
        self.retry_after = retry_after


def unauthorized() -> ApiError:
    """No token, or one that opens nothing."""
    return ApiError(401, "unauthorized", "会话已失效，请刷新页面重新开始。")


def too_many(wait: float) -> ApiError:
    """Asked too often; `wait` seconds and it may be asked again."""
    return ApiError(429, "too_many_requests", "操作太频繁了，请稍等一会儿再试。", wait)


def json_answer(body: object, status: int = 200) -> HTTPResponse:
    """A JSON answer; Chinese stays readable."""
    text = json.dumps(body, ensure_ascii=False)
    return HTTPResponse(
        text.encode("utf-8", "backslashreplace"),
        status=status,
        headers=dict(SAFE_HEADERS),
        content_type="application/json; charset=utf-8",
    )


def failure(error: ApiError) -> HTTPResponse:
    """The JSON answer for an error."""
    answer = json_answer({"error": {"code": error.code, "message": error.message_zh}}, error.status)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return answer


_SENTENCES = {
    400: ("bad_request", "请求格式不正确。"),
    404: ("not_found", "没有找到您要的内容。"),
    405: ("method_not_allowed", "请求方式不正确。"),
    408: ("timeout", "请求超时，请重试。"),
    413: ("too_large", "内容太大：图片不超过 10 MB，其他文件不超过 20 MB。"),
    415: ("unsupported_type", "不支持这种内容类型。"),
    503: ("unavailable", "服务暂时不可用，请稍后再试。"),
}


def as_api_error(error: Exception) -> ApiError:
    """Any exception as an answer; what we did not foresee is logged under a number and stays inside."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, ConversationErased):
        return ApiError(401, error.code, error.message_zh)
    if isinstance(error, RoadError):
        return ApiError(400, error.code, error.message_zh)
    if isinstance(error, SanicException):
        status = int(error.status_code or 500)
        if status in _SENTENCES:
            return ApiError(status, *_SENTENCES[status])
        if 400 <= status < 500:
            return ApiError(status, *_SENTENCES[400])
    reference = secrets.token_hex(4)
    logger.error("request failed (reference %s)", reference, exc_info=error)
    if isinstance(error, SQLAlchemyError | OSError):
        return ApiError(503, "unavailable", f"服务暂时不可用，请稍后再试（编号 {reference}）。", 5)
    return ApiError(500, "internal", f"系统出了点问题，请稍后再试（编号 {reference}）。")


Handler = Callable[..., Coroutine[Any, Any, Any]]


def answers_errors(handler: Handler) -> Handler:
    """Wrap a request handler so that whatever it raises becomes a JSON answer."""

    @functools.wraps(handler)
    async def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return await handler(*args, **kwargs)
        except Exception as error:
            return failure(as_api_error(error))

    return wrapped


def read_json(request: Request) -> dict[str, Any]:
    """The JSON object in the body. Raises ApiError 400/413 for anything else."""
    if len(request.body) > MAX_JSON:
        raise ApiError(413, "too_large", "消息太大了，请分几条发送。")
    try:
        body = json.loads(request.body or b"null")
    except (ValueError, RecursionError):
        raise ApiError(400, "bad_json", "请求内容不是正确的 JSON。") from None
    if not isinstance(body, dict):
        raise ApiError(400, "bad_json", "请求内容必须是一个 JSON 对象。")
    return body


def optional_text(body: dict[str, Any], key: str, limit: int) -> str | None:
    """A string field of `body`, None when absent. Raises ApiError 400 for another type or too much."""
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ApiError(400, "bad_type", f"字段 {key} 必须是文字。")
    if len(value) > limit:
        raise ApiError(400, "too_long", f"字段 {key} 太长了（最多 {limit} 个字符）。")
    return value


def whole_number(request: Request, key: str) -> int | None:
    """A non-negative query argument, None when absent. Raises ApiError 400."""
    value = request.args.get(key)
    if value is None or value == "":
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 12):
        raise ApiError(400, "bad_number", f"参数 {key} 必须是不小于 0 的整数。")
    return int(value)

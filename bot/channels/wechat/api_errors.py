"""What can go wrong at api.weixin.qq.com, sorted by what has to be done about it.

No error holds an access token, a secret, an openid or the platform's own words: those may repeat what we sent.
Source of the numbers: developers.weixin.qq.com, 全局错误码 (doc/oplatform/developers/errCode/errCode.html).
"""

from __future__ import annotations

import re

_MINUTE = 60.0
_HOUR = 3600.0
_RID = re.compile(r"\brid: ?([0-9A-Za-z-]{8,64})")  # the platform's support asks for it
_IP = re.compile(r"\binvalid ip ((?:\d{1,3}\.){3}\d{1,3})\b")


class WeChatError(Exception):
    """Anything the platform or the way to it did not do. The message is for the operator's log.

    `code` is the platform's errcode where it gave one, `retry_after` the pause in seconds where it is known.
    """

    def __init__(self, message: str, *, code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after


class Away(WeChatError):
    """The platform was not reached or is busy, and nothing was done: try again later."""


class TokenRefused(Away):
    """The platform refuses an access token that it has just given out."""


class Uncertain(WeChatError):
    """The request went out and no answer came back: nobody knows whether it was carried out."""


class NoGrant(WeChatError):
    """The platform takes no message for this buyer until the buyer does something again."""


class NoRight(WeChatError):
    """The account may not push messages at all; it can only answer within the platform's own request."""


class Misconfigured(WeChatError):
    """Nothing works until the operator changes something; the message says what."""


class Rejected(WeChatError):
    """The platform will never take this request."""


class TooLarge(Rejected):
    """A download is bigger than we accept."""


class StaleToken(WeChatError):
    """The access token is not valid (any more): get another one and ask once again."""


_STALE = frozenset({40001, 40014, 42001})
_WHERE = "mp.weixin.qq.com, 设置与开发 > 基本配置 (or the 微信开发者平台)"

_MEANINGS: dict[int, tuple[type[WeChatError], str, float | None]] = {
    -1: (Away, "the platform is busy", None),
    45009: (Away, "the account's daily quota for this API is used up", _HOUR),
    45011: (Away, "too many calls in this minute", _MINUTE),
    45015: (NoGrant, "the buyer has not written for 48 hours or follows the account no longer", None),
    45047: (NoGrant, "the messages allowed after the buyer's last message are used up", None),
    43004: (NoGrant, "the buyer does not follow the account", None),
    48002: (NoGrant, "the buyer has switched the account's messages off", None),
    48001: (NoRight, "the account has no right to this API", None),
    48004: (
        NoRight,
        "the platform has banned the account from this API: see the notice in its console",
        None,
    ),
    45002: (Rejected, "the message is too long", None),
    40003: (Rejected, "the platform does not know this openid for this account", None),
    40007: (Rejected, "the platform has no such media: it keeps uploads for three days", None),
    40013: (Misconfigured, f"the app id is wrong: copy AppID from {_WHERE} into credentials.yml", None),
    40125: (Misconfigured, f"the app secret is wrong: reset AppSecret in {_WHERE} and configure it", None),
    40243: (Misconfigured, f"the app secret is frozen: unfreeze AppSecret in {_WHERE}", None),
    40164: (Misconfigured, f"this server's address is not allowed: add it to IP白名单 in {_WHERE}", None),
    61004: (Misconfigured, f"this server's address is not allowed: add it to IP白名单 in {_WHERE}", None),
    50002: (Misconfigured, "the account is restricted: see the notice in its console", None),
    50007: (Misconfigured, "the account is frozen: see the notice in its console", None),
}


def error_of(code: int, message: str) -> WeChatError:
    """The error that an answer with `errcode` stands for.

    Args:
        code: the answer's errcode, not 0.
        message: its errmsg; only the request id and, for 40164, our own address are kept of it.
    """
    if code in _STALE:
        return StaleToken(f"the access token is not valid (errcode {code})", code=code)
    kind, meaning, pause = _MEANINGS.get(code, (Rejected, "the platform refuses the request", None))
    return kind(f"{meaning} ({_details(code, message)})", code=code, retry_after=pause)


def token_error_of(code: int, message: str) -> WeChatError:
    """The same for the request for an access token, where 40001 means a wrong secret."""
    error = error_of(40125 if code == 40001 else code, message)
    if isinstance(error, (Away, Misconfigured)):
        return error
    return Misconfigured(
        f"the platform gives this account no access token: look errcode up in 全局错误码 "
        f"({_details(code, message)})",
        code=code,
    )


def _details(code: int, message: str) -> str:
    details = [f"errcode {code}"]
    if code == 40164 and (found := _IP.search(message)):
        details.append(f"address {found[1]}")
    if found := _RID.search(message):
        details.append(f"rid {found[1]}")
    return ", ".join(details)

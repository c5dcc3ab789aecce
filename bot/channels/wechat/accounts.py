"""The configured Official Accounts: `wechat: accounts: <key>: {…}` of credentials.yml as checked values.

Values may hold `${NAME}`, filled from the environment, so that no secret has to be written into the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

API_BASE = "https://api.weixin.qq.com"
# The platform ends a callback after 5 s; the rest is for the way back to it.
LONGEST_WAIT_S = 4.3
# A verified account can push, so only an answer that is nearly there is worth holding the callback for.
VERIFIED_WAIT_S = 0.5
LONGEST_WELCOME = 2000  # UTF-8 bytes; it has to fit into one passive reply

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# Forms as the console states them: 基本配置 > 服务器配置 (令牌 Token, 消息加解密密钥 EncodingAESKey).
_FORMS: dict[str, tuple[re.Pattern[str], str]] = {
    "app_id": (re.compile(r"wx[0-9A-Za-z]{4,30}"), "must be the AppID, which begins with wx"),
    "app_secret": (re.compile(r"[!-~]{8,128}"), "must be the AppSecret: letters and digits without spaces"),
    "token": (re.compile(r"[0-9A-Za-z]{3,32}"), "must be the Token: 3 to 32 letters and digits"),
    "aes_key": (re.compile(r"[0-9A-Za-z+/]{43}"), "must be the EncodingAESKey: exactly 43 characters"),
}
_KEY = re.compile(r"[A-Za-z0-9_\-]{1,20}")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_FIELDS = frozenset({*_FORMS, "verified", "api_base", "welcome", "passive_wait_s"})
_NO_ENVIRONMENT: Mapping[str, str] = MappingProxyType({})


class WeChatConfigError(Exception):
    """An account that cannot work as configured; the message names account and field and says what to do."""


@dataclass(frozen=True)
class WeChatAccount:
    """One Official Account.

    `key` is our own short name for it, part of URLs and ids. `aes_key` None = plain mode (明文模式).
    `verified` (已认证) accounts may push customer-service messages. `passive_wait_s` = how long a callback is
    held for its answer, in seconds; below 0 stands for the default of the account's kind, more than
    LONGEST_WAIT_S is cut to it. `welcome` is said on subscribing instead of our own greeting.
    """

    key: str
    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str | None = field(default=None, repr=False)
    verified: bool = False
    api_base: str = API_BASE
    welcome: str | None = None
    passive_wait_s: float = -1.0

    def __post_init__(self) -> None:
        wait = self.passive_wait_s
        if wait < 0:
            wait = VERIFIED_WAIT_S if self.verified else LONGEST_WAIT_S
        object.__setattr__(self, "passive_wait_s", min(wait, LONGEST_WAIT_S))


def read_accounts(
    credentials: Mapping[str, Any] | None, environment: Mapping[str, str] = _NO_ENVIRONMENT
) -> dict[str, WeChatAccount]:
    """The accounts by their key, in the order of the file; none for an absent or empty section.

    Args:
        credentials: what stands under `wechat:`; keys beside `accounts` are not looked at.
        environment: values for `${NAME}`; an empty value counts as not set.

    Raises:
        WeChatConfigError: something is missing or has the wrong form. No secret is in the message.
    """
    listed = {} if credentials is None else credentials.get("accounts")
    if listed is None:
        return {}
    if not isinstance(listed, Mapping):
        raise WeChatConfigError("wechat.accounts must be a mapping of account names to their values")
    accounts: dict[str, WeChatAccount] = {}
    for key, values in listed.items():
        if not isinstance(key, str) or _KEY.fullmatch(key) is None:
            raise WeChatConfigError(
                f"the wechat account name {key!r} cannot be used: take 1 to 20 letters, digits, - or _"
            )
        accounts[key] = _Fields(key, values, environment).account()
        _refuse_twins(accounts, accounts[key])
    return accounts


def _refuse_twins(accounts: Mapping[str, WeChatAccount], new: WeChatAccount) -> None:
    # The same app under two names would split one buyer into two conversations.
    for other in accounts.values():
        if other.key != new.key and other.app_id == new.app_id:
            raise WeChatConfigError(
                f"the wechat accounts {other.key!r} and {new.key!r} have the same app_id: remove one of them"
            )


class _Fields:
    """Reads the values of one account."""

    def __init__(self, key: str, values: object, environment: Mapping[str, str]) -> None:
        self._key = key
        self._environment = environment
        if not isinstance(values, Mapping):
            raise WeChatConfigError(
                f"the wechat account {key!r} must be a mapping with app_id, app_secret, token"
            )
        self._values = values
        unknown = sorted(str(name) for name in values if name not in _FIELDS)
        if unknown:
            raise self._wrong(unknown[0], f"is no field: use {', '.join(sorted(_FIELDS))}")

    def account(self) -> WeChatAccount:
        return WeChatAccount(
            key=self._key,
            app_id=self._required("app_id"),
            app_secret=self._required("app_secret"),
            token=self._required("token"),
            aes_key=self._formed("aes_key"),
            verified=self._verified(),
            api_base=self._api_base(),
            welcome=self._welcome(),
            passive_wait_s=self._wait(),
        )

    def _wrong(self, name: str, what: str) -> WeChatConfigError:
        return WeChatConfigError(f"wechat account {self._key!r}: {name} {what}")

    def _text(self, name: str) -> str | None:
        """The value with its placeholders filled; None when it is absent or empty."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            # YAML reads 0123 as a number and drops its zeros, so a number cannot simply be taken as text.
            raise self._wrong(name, "must be text: put it in quotes")
        return _PLACEHOLDER.sub(lambda match: self._filled(name, match[1]), value).strip() or None

    def _filled(self, name: str, variable: str) -> str:
        found = self._environment.get(variable, "")
        if not found:
            raise self._wrong(
                name, f"uses ${{{variable}}}, which is not set: set it in the environment or in .env"
            )
        return found

    def _formed(self, name: str) -> str | None:
        value = self._text(name)
        form, rule = _FORMS[name]
        if value is not None and form.fullmatch(value) is None:
            raise self._wrong(name, f"{rule}; copy it from the account's console")
        return value

    def _required(self, name: str) -> str:
        value = self._formed(name)
        if value is None:
            raise self._wrong(name, "is missing: copy it from the account's console")
        return value

    def _verified(self) -> bool:
        given = self._values.get("verified", False)
        value = given if isinstance(given, bool) else _TRUTH.get((self._text("verified") or "").lower())
        if value is None:
            raise self._wrong("verified", "must be true (已认证) or false")
        return value

    def _api_base(self) -> str:
        value = (self._text("api_base") or API_BASE).rstrip("/")
        parts = _split(value)
        safe = parts is not None and (
            parts[0] == "https" or (parts[0] == "http" and parts[1] in _LOOPBACK)
        )  # the app secret travels there
        if not safe:
            raise self._wrong("api_base", f"must begin with https://; leave it out for {API_BASE}")
        return value

    def _welcome(self) -> str | None:
        value = self._text("welcome")
        if value is not None and len(value.encode("utf-8", "replace")) > LONGEST_WELCOME:
            raise self._wrong("welcome", f"is too long: at most {LONGEST_WELCOME} bytes of UTF-8")
        return value

    def _wait(self) -> float:
        given = self._values.get("passive_wait_s")
        if isinstance(given, str):  # out of the environment
            given = self._text("passive_wait_s")
        if given is None:
            return -1.0
        try:
            value = float("nan" if isinstance(given, bool) else given)
        except (TypeError, ValueError):
            value = float("nan")
        if not 0 <= value <= LONGEST_WAIT_S:
            raise self._wrong(
                "passive_wait_s",
                f"must be a number of seconds from 0 to {LONGEST_WAIT_S}: WeChat hangs up after 5",
            )
        return value


def _split(url: str) -> tuple[str, str] | None:
    """(scheme, host) of a URL without user and query; None when it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname

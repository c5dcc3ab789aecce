"""Accounts of credentials.yml: what is read, and what each mistake is called."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wechat.accounts import (
    API_BASE,
    LONGEST_WAIT_S,
    VERIFIED_WAIT_S,
    WeChatAccount,
    WeChatConfigError,
    read_accounts,
)

SECRET = "c0ffee00c0ffee00c0ffee00c0ffee00"
TOKEN = "spamtest"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
GOOD = {"app_id": "wx2c2769f8efd9abc2", "app_secret": SECRET, "token": TOKEN}


def read(environment: dict[str, str] | None = None, **changes: Any) -> WeChatAccount:
    values = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return read_accounts({"accounts": {"main": values}}, environment or {})["main"]


def test_the_least_an_account_needs() -> None:
    assert read() == WeChatAccount(
        key="main",
        app_id="wx2c2769f8efd9abc2",
        app_secret=SECRET,
        token=TOKEN,
        aes_key=None,
        verified=False,
        api_base=API_BASE,
        welcome=None,
        passive_wait_s=4.3,
    )


def test_everything_set() -> None:
    account = read(
        aes_key=AES_KEY, verified=True, api_base="http://127.0.0.1:8099/", welcome="您好", passive_wait_s=2
    )
    assert (account.aes_key, account.verified) == (AES_KEY, True)
    assert (account.api_base, account.welcome) == ("http://127.0.0.1:8099", "您好")
    assert account.passive_wait_s == 2.0


@pytest.mark.parametrize("credentials", [None, {}, {"accounts": None}, {"accounts": {}}])
def test_no_accounts(credentials: dict[str, Any] | None) -> None:
    assert read_accounts(credentials) == {}


def test_several_accounts_keep_their_order() -> None:
    second = {**GOOD, "app_id": "wx49f0ab532d5d035a"}
    assert list(read_accounts({"accounts": {"zwei": GOOD, "eins": second}})) == ["zwei", "eins"]


@pytest.mark.parametrize(
    ("verified", "given", "wait"),
    [(True, -1, VERIFIED_WAIT_S), (False, -1, 4.3), (True, 3, 3), (False, 0, 0), (True, 60, LONGEST_WAIT_S)],
)
def test_how_long_a_callback_is_held(verified: bool, given: float, wait: float) -> None:
    account = WeChatAccount("main", "wx1234", SECRET, TOKEN, verified=verified, passive_wait_s=given)
    assert account.passive_wait_s == wait


def test_values_out_of_the_environment() -> None:
    environment = {"WX_SECRET": SECRET, "WX_VERIFIED": "true", "WX_WAIT": "1.5", "WX_HOST": "api.example"}
    account = read(
        environment,
        app_secret="${WX_SECRET}",
        verified="${WX_VERIFIED}",
        passive_wait_s="${WX_WAIT}",
        api_base="https://${WX_HOST}/wx",
    )
    assert (account.app_secret, account.verified, account.passive_wait_s) == (SECRET, True, 1.5)
    assert account.api_base == "https://api.example/wx"


@pytest.mark.parametrize(
    ("changes", "field", "what"),
    [
        ({"app_id": None}, "app_id", "is missing"),
        ({"app_id": "gh_10f6c3c3ac5a"}, "app_id", "begins with wx"),
        ({"app_secret": ""}, "app_secret", "is missing"),
        ({"app_secret": "two words are none"}, "app_secret", "without spaces"),
        ({"app_secret": "${WX_SECRET}"}, "app_secret", "uses ${WX_SECRET}, which is not set"),
        ({"token": "ab"}, "token", "3 to 32"),
        ({"token": "a" * 33}, "token", "3 to 32"),
        ({"token": "mit-strich"}, "token", "3 to 32"),
        ({"token": "令牌令牌"}, "token", "3 to 32"),
        ({"token": 123456}, "token", "put it in quotes"),
        ({"aes_key": AES_KEY + "="}, "aes_key", "exactly 43"),
        ({"aes_key": AES_KEY[:-1]}, "aes_key", "exactly 43"),
        ({"aes_key": "*" * 43}, "aes_key", "exactly 43"),
        ({"verified": "maybe"}, "verified", "true (已认证) or false"),
        ({"verified": 1}, "verified", "put it in quotes"),
        ({"api_base": "http://api.weixin.qq.com"}, "api_base", "https://"),
        ({"api_base": "https://user@evil.example"}, "api_base", "https://"),
        ({"api_base": "api.weixin.qq.com"}, "api_base", "https://"),
        ({"welcome": "您" * 700}, "welcome", "too long"),
        ({"passive_wait_s": 4.4}, "passive_wait_s", "from 0 to 4.3"),
        ({"passive_wait_s": -1}, "passive_wait_s", "from 0 to 4.3"),
        ({"passive_wait_s": float("nan")}, "passive_wait_s", "from 0 to 4.3"),
        ({"passive_wait_s": True}, "passive_wait_s", "from 0 to 4.3"),
        ({"passive_wait_s": []}, "passive_wait_s", "from 0 to 4.3"),
        ({"encoding_aes_key": AES_KEY}, "encoding_aes_key", "is no field"),
    ],
)
def test_each_mistake_names_account_and_field(changes: dict[str, Any], field: str, what: str) -> None:
    with pytest.raises(WeChatConfigError) as refused:
        read(**changes)
    said = str(refused.value)
    assert said.startswith(f"wechat account 'main': {field} ") and what in said


@pytest.mark.parametrize("field", ["app_secret", "token", "aes_key"])
def test_no_mistake_repeats_a_secret(field: str) -> None:
    with pytest.raises(WeChatConfigError) as refused:
        read({"WX": "my secret is wrong"}, **{field: "${WX}"})
    assert field in str(refused.value) and "my secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("accounts", "what"),
    [
        (["main"], "must be a mapping"),
        ({"main": "wx2c2769f8efd9abc2"}, "must be a mapping"),
        ({"main": None}, "must be a mapping"),
        ({"main shop": GOOD}, "cannot be used"),
        ({"主号": GOOD}, "cannot be used"),
        ({"a:b": GOOD}, "cannot be used"),
        ({"a" * 21: GOOD}, "cannot be used"),
        ({7: GOOD}, "cannot be used"),
        ({"main": GOOD, "copy": GOOD}, "the same app_id"),
    ],
)
def test_mistakes_around_the_accounts(accounts: Any, what: str) -> None:
    with pytest.raises(WeChatConfigError, match=what):
        read_accounts({"accounts": accounts})


def test_an_empty_variable_is_not_set() -> None:
    with pytest.raises(WeChatConfigError, match="which is not set"):
        read({"WX_SECRET": ""}, app_secret="${WX_SECRET}")


def test_no_secret_shows_up_in_print() -> None:
    account = read(aes_key=AES_KEY)
    for shown in (repr(account), str(account), f"{account}", repr({"main": account})):
        assert "wx2c2769f8efd9abc2" in shown
        assert not any(secret in shown for secret in (SECRET, TOKEN, AES_KEY))

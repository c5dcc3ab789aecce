"""``bot channels``: which doors are open, whether the platforms accept us, the menu in the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from bot.cli.output import fail, print_json, step

if TYPE_CHECKING:
    from bot.channels.wechat.accounts import WeChatAccount
    from bot.settings import Settings

app = typer.Typer(no_args_is_help=True)

OTHERS = "WeCom, DingTalk, Feishu: not built in yet"
_ACCOUNT = typer.Option(None, "--account", help="Only this account.", show_default=False)


def wechat_accounts(settings: Settings) -> dict[str, WeChatAccount]:
    """The accounts in credentials.yml, none when there are none.

    Raises:
        SettingsError: the file is wrong; the message names account and field.
    """
    from bot.channels.wechat.accounts import WeChatConfigError, read_accounts
    from bot.credentials import read_credentials
    from bot.settings import SettingsError, environment

    section = read_credentials(settings).get("wechat")
    if section is not None and not isinstance(section, Mapping):
        raise SettingsError(f"in {settings.credentials}, wechat must hold accounts: correct it")
    try:
        return read_accounts(section, environment())
    except WeChatConfigError as error:
        raise SettingsError(f"{settings.credentials}: {error}") from None


def channel_lines(settings: Settings) -> list[str]:
    """What is on and what is off, one line for each channel, as `bot serve` says at its start."""
    accounts = wechat_accounts(settings)
    wechat = f"WeChat: on ({', '.join(accounts)})" if accounts else "WeChat: off (docs/channels/wechat.md)"
    return ["web: on", wechat, OTHERS]


@app.command("check")
def check(
    account: str = _ACCOUNT,
    offline: bool = typer.Option(False, "--offline", help="Do not ask the platforms."),
    as_json: bool = typer.Option(False, "--json", help="JSON instead of text."),
) -> None:
    """Say for each channel whether it works, and what to enter in the platform's console."""
    from bot.settings import load_settings

    settings = load_settings()
    accounts = _chosen(wechat_accounts(settings), account)
    with step("asking the platforms"):
        findings = asyncio.run(_findings(settings, accounts, offline=offline))
    findings += _undelivered(settings)
    if as_json:
        print_json(findings)
    else:
        for one in findings:
            print(f"{one['state']:9}{one['channel']:10}{one['account']:14}{one['says']}")
        print(f"\n{OTHERS}.")
    broken = [str(one["account"] or one["channel"]) for one in findings if one["state"] == "broken"]
    if broken:
        fail(f"broken: {', '.join(broken)}; do what the report says and run `bot channels check` again")


@app.command("menu")
def menu(account: str = _ACCOUNT) -> None:
    """Give WeChat accounts the menu under the chat: 说说问题, 查进度, 转人工."""
    from bot.settings import load_settings

    accounts = _chosen(wechat_accounts(load_settings()), account)
    if not accounts:
        fail("no WeChat account is configured: see docs/channels/wechat.md")
    asyncio.run(_install_menus(accounts))


def _undelivered(settings: Settings) -> list[dict[str, str]]:
    """A finding for each channel whose platform has not taken everything."""
    from bot.cli.undelivered import undelivered
    from bot.database.errors import DatabaseProblem
    from bot.settings import SettingsError

    try:
        found = undelivered(settings) or {}
    except (DatabaseProblem, SettingsError):
        return []  # what is wrong with the database is for `bot doctor` to say
    return [
        {
            "channel": channel,
            "account": "",
            "state": "degraded" if lines.failed else "ok",
            "says": f"lines: {lines}",
        }
        for channel, lines in found.items()
    ]


def _chosen(accounts: Mapping[str, WeChatAccount], wanted: str | None) -> dict[str, WeChatAccount]:
    if wanted is None:
        return dict(accounts)
    if wanted not in accounts:
        known = ", ".join(accounts) or "none"
        fail(f"there is no WeChat account {wanted!r} in the credentials (there are: {known})")
    return {wanted: accounts[wanted]}


async def _findings(
    settings: Settings, accounts: Mapping[str, WeChatAccount], *, offline: bool
) -> list[dict[str, str]]:
    found = [{"channel": "web", "account": "", "state": "ok", "says": _web(settings)}]
    if not accounts:
        says = "no account; docs/channels/wechat.md says how to add one"
        return [*found, {"channel": "wechat", "account": "", "state": "off", "says": says}]
    for key, account in accounts.items():
        state, says = await _wechat(settings, account, offline=offline)
        found.append({"channel": "wechat", "account": key, "state": state, "says": says})
    return found


def _web(settings: Settings) -> str:
    if settings.public_url:
        return f"page at {settings.public_url}/"
    return "page at the server's own address; set BOT_PUBLIC_URL when buyers reach it under another"


async def _wechat(settings: Settings, account: WeChatAccount, *, offline: bool) -> tuple[str, str]:
    from bot.channels.wechat.api_errors import WeChatError
    from bot.channels.wechat.client import WeChatClient

    where = f"{settings.public_url or 'https://<your host>'}/webhooks/wechat/{account.key}"
    kind = "pushes messages" if account.verified else "answers passively only (verified: false)"
    mode = "AES" if account.aes_key else "plain mode: set an EncodingAESKey for 安全模式"
    says = f"{kind}, {mode}; URL for the console: {where}"
    if not settings.public_url.startswith("https://"):
        says += " (set BOT_PUBLIC_URL to an https:// address: links to the page need it)"
    if offline:
        return "unknown", f"{says}; not asked"
    client = WeChatClient(account)
    try:
        await client.check()
    except WeChatError as error:
        return "broken", f"{error}; {says}"
    finally:
        await client.close()
    return ("ok" if account.aes_key else "degraded"), says


async def _install_menus(accounts: Mapping[str, WeChatAccount]) -> None:
    from bot.channels.wechat.api_errors import WeChatError
    from bot.channels.wechat.client import WeChatClient
    from bot.channels.wechat.menu import install

    for key, account in accounts.items():
        client = WeChatClient(account)
        try:
            await install(client)
        except WeChatError as error:
            fail(f"the menu of {key} was not changed: {error}")
        finally:
            await client.close()
        print(f"{key}: the menu is set; buyers see it within some minutes")

"""From what WeChat sends to what the road takes: one message in, one `Incoming` out (or none)."""

from __future__ import annotations

from dataclasses import replace

from bot.channels.wechat import inbound
from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.quota import Kind
from bot.channels.wechat.sender import CHANNEL
from bot.conversation.messages import Incoming

WELCOME, UNSUPPORTED, FETCH = "channel_welcome", "channel_unsupported", "channel_fetch"
_MENU = {"progress": ("ask_progress", "查进度"), "human": ("ask_human", "转人工")}  # menu.ENTRIES
_FETCH_WORDS = frozenset({"继续", "继续看", "查看", "更多", "下一页", "下一条"})


def conversation_of(account: WeChatAccount, openid: str, life: int = 1) -> str:
    """The conversation's id. After the buyer had one erased the next `life` begins: 2, 3, …"""
    base = f"{CHANNEL}:{account.key}:{openid}"
    return base if life == 1 else f"{base}:{life}"


def incoming_of(message: inbound.Message, account: WeChatAccount, conversation_id: str) -> Incoming | None:
    """What the road is given; None for what needs no answer (the buyer left, pages opened, …)."""
    blank = Incoming(conversation_id, CHANNEL, f"{account.key}:{message.key}")
    if isinstance(message, inbound.MenuText):
        return replace(blank, button=message.menu_id)
    if isinstance(message, inbound.Text):
        return replace(blank, text=message.text, numbered=True)
    if isinstance(message, inbound.Picture):
        media = {"account": account.key, "media_id": message.media_id, "url": message.url, "kind": "image"}
        return replace(blank, media=media, text="［图片］")
    if isinstance(message, inbound.Video) and account.verified:
        media = {"account": account.key, "media_id": message.media_id, "kind": "video"}
        return replace(blank, media=media, text="［视频］")
    if isinstance(message, inbound.Voice) and message.recognition.strip():
        return replace(blank, text=message.recognition, numbered=True)
    if isinstance(message, inbound.Link):
        return replace(blank, text=f"［链接］{message.title} {message.url}")
    if isinstance(message, inbound.Subscribe):
        return replace(blank, event=WELCOME, values={"text": account.welcome} if account.welcome else None)
    if isinstance(message, inbound.MenuClick):
        return _menu_click(blank, message.menu_key)
    return _unsupported(blank, message)


def _menu_click(blank: Incoming, key: str) -> Incoming:
    if key in _MENU:
        intent, words = _MENU[key]
        return replace(blank, event=intent, text=words)
    return replace(blank, event=WELCOME)


def _unsupported(blank: Incoming, message: inbound.Message) -> Incoming | None:
    shown = {
        inbound.Voice: ("voice", "［语音］"),
        inbound.Video: ("video", "［视频］"),
        inbound.Place: ("location", "［位置］"),
        inbound.UnknownMessage: ("other", "［暂不支持的消息］"),
    }.get(type(message))
    if shown is None:
        return None
    kind, words = shown
    if isinstance(message, inbound.Place):
        words += message.label
    return replace(blank, event=UNSUPPORTED, values={"kind": kind}, text=words)


def typed_instead(message: inbound.MenuText, incoming: Incoming) -> Incoming:
    """A press whose token has expired or was made in an earlier life: what the entry said, as words."""
    return replace(incoming, button=None, text=message.text)


def asks_for_the_rest(incoming: Incoming) -> bool:
    """Whether the words are those we tell a buyer to say for lines that could not be pushed (“继续”)."""
    return incoming.event is None and _bare(incoming) in _FETCH_WORDS


def may_ask_for_the_rest(incoming: Incoming) -> bool:
    """Whether the words can mean that, when lines are waiting: buyers answer “好” as well."""
    text = _bare(incoming)
    return incoming.event is None and 0 < len(text) <= 2 and not text.isnumeric()


def _bare(incoming: Incoming) -> str:
    return (incoming.text or "").strip().strip("“”\"'。.！!")


def fetching(incoming: Incoming) -> Incoming:
    """The same message as one that gets no turn: it only brings out what waits."""
    return replace(incoming, event=FETCH, silent=True, numbered=False)


def grant_of(message: inbound.Message) -> Kind | None:
    """What the platform lets us push after this message (see `bot.channels.wechat.quota`)."""
    if isinstance(message, inbound.MenuText | inbound.Subscribe | inbound.Scan | inbound.MenuClick):
        return "event"
    if isinstance(message, inbound.Unsubscribe | inbound.UnknownEvent):
        return None
    return "message"

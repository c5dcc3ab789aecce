"""The callbacks of the WeChat Official Accounts: /webhooks/wechat/<account>.

Source: developers.weixin.qq.com, 接收消息与事件推送 and 被动回复用户消息. A callback is acknowledged only when
its message is stored; what is not stored is answered with an error, and the platform asks again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.wechat import inbound, quota
from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.api_errors import WeChatError
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.delivery import Answer, Delivery
from bot.channels.wechat.envelope import Envelope
from bot.channels.wechat.errors import Refused
from bot.channels.wechat.intake import (
    asks_for_the_rest,
    conversation_of,
    fetching,
    grant_of,
    incoming_of,
    may_ask_for_the_rest,
    typed_instead,
)
from bot.channels.wechat.render import passive_xml
from bot.channels.wechat.sender import CHANNEL, WeChatSender
from bot.conversation import inbox, outbox
from bot.conversation.errors import ButtonRefused, ConversationErased, RoadError
from bot.conversation.messages import Incoming
from bot.conversation.road import Road
from bot.database.engine import Database

logger = logging.getLogger(__name__)

SUCCESS = "success"
MOST_LIVES = 50  # conversations of one buyer, each begun after the one before was erased


class WeChatInput(InputChannel):
    """`wechat`: every configured account has its own address and its own secrets."""

    def __init__(
        self,
        accounts: Mapping[str, WeChatAccount],
        road: Road,
        database: Database,
        *,
        clock: Callable[[], datetime],
        sender: WeChatSender,
        clients: Mapping[str, WeChatClient],
        link_for: Callable[[str], str | None] = lambda _conversation: None,
    ) -> None:
        self._accounts = accounts
        self._envelopes = {key: Envelope(account, clock) for key, account in accounts.items()}
        self._road = road
        self._database = database
        self._clock = clock
        self._clients = clients
        self._delivery = Delivery(road, database, sender, clock, link_for)
        self._background: set[asyncio.Task[None]] = set()  # a task nobody holds may vanish

    @classmethod
    def name(cls) -> str:
        """The channel's name in credentials, URLs and the inbox."""
        return CHANNEL

    def blueprint(self, on_new_message: Any = None) -> Blueprint:
        """The routes. `on_new_message` is not used: a message goes to the inbox, never straight to the agent."""
        routes = Blueprint("wechat_channel", url_prefix="/webhooks/wechat")
        routes.add_route(self._guarded(self._echo), "/<key:str>", methods=["GET"], name="echo")
        routes.add_route(self._guarded(self._callback), "/<key:str>", methods=["POST"], name="callback")
        return routes

    def _guarded(self, handler: Callable[..., Coroutine[Any, Any, HTTPResponse | None]]) -> Any:
        """Refusals say nothing to who asks and one word to the log."""

        async def guarded(request: Request, key: str) -> HTTPResponse | None:
            account = self._accounts.get(key)
            if account is None:
                return text("", 404)
            try:
                return await handler(request, account)
            except Refused as refused:
                logger.warning("callback for WeChat account %s refused: %s", account.key, refused.reason)
                return text("", 403)

        return guarded

    async def _echo(self, request: Request, account: WeChatAccount) -> HTTPResponse:
        """The console proves that this address is ours (服务器地址校验)."""
        return text(self._envelopes[account.key].check_echo(_query(request)))

    async def _callback(self, request: Request, account: WeChatAccount) -> HTTPResponse | None:
        arrived = asyncio.get_running_loop().time()
        message = inbound.parse(self._envelopes[account.key].open(_query(request), request.body))
        try:
            incoming = await self._store(message, account)
        except RoadError as refused:
            await self._respond(request, account, message, Answer(refused.message_zh))
            return None
        if incoming is None:
            return text(SUCCESS)
        conversation_id, message_id = incoming.conversation_id, incoming.message_id
        typed = grant_of(message) == "message"
        answer = await self._delivery.answer(account, conversation_id, message_id, arrived, typed=typed)
        if answer is None:
            self._show_typing(message, account, conversation_id)
            return text(SUCCESS)
        await self._respond(request, account, message, answer)
        return None

    # -- storing --------------------------------------------------------------------------------------

    async def _store(self, message: inbound.Message, account: WeChatAccount) -> Incoming | None:
        """Accept the message in the buyer's present conversation; None: nothing to store. Raises RoadError."""
        for life in range(1, MOST_LIVES + 1):
            conversation_id = conversation_of(account, message.openid, life)
            incoming = incoming_of(message, account, conversation_id)
            if incoming is None:
                return None
            if life > 1:  # ids are unique over the channel, and the platform's belong to the first life
                incoming = replace(incoming, message_id=f"{incoming.message_id}:{life}")
            try:
                return await self._accept(message, account, incoming)
            except ConversationErased:
                continue
        raise ConversationErased()

    async def _accept(self, message: inbound.Message, account: WeChatAccount, incoming: Incoming) -> Incoming:
        if not self._delivery.can_push(account) and await self._only_fetches(incoming):
            incoming = fetching(incoming)
        grant = partial(self._grant, message, account, incoming.conversation_id)
        try:
            await self._road.accept(incoming, grant)
        except ButtonRefused:
            if not isinstance(message, inbound.MenuText):
                raise
            incoming = typed_instead(message, incoming)
            await self._road.accept(incoming, grant)
        return incoming

    async def _only_fetches(self, incoming: Incoming) -> bool:
        """Whether lines wait for the buyer's next words, and these words only ask for them."""
        asked = asks_for_the_rest(incoming)
        if not asked and not may_ask_for_the_rest(incoming):
            return False
        async with self._database.read() as tx:
            if await outbox.waits(tx, incoming.conversation_id):
                return True
            return asked and await inbox.next_pending(tx, incoming.conversation_id) is not None

    async def _grant(
        self,
        message: inbound.Message,
        account: WeChatAccount,
        conversation_id: str,
        tx: AsyncConnection,
    ) -> None:
        """The platform takes pushed messages again: note it, and let go what was held."""
        kind = grant_of(message)
        if kind is None or not self._delivery.can_push(account):
            return
        now = self._clock()
        await quota.granted(tx, conversation_id, kind, now)
        await outbox.release(tx, conversation_id, now, due=now + self._road.voice.push[CHANNEL])

    # -- answering ------------------------------------------------------------------------------------

    async def _respond(
        self, request: Request, account: WeChatAccount, message: inbound.Message, answer: Answer
    ) -> None:
        """Write the passive reply; it counts as sent when it was written."""
        plain = passive_xml(answer.text, message.openid, message.original_id, self._clock())
        sealed = self._envelopes[account.key].seal(plain, _query(request)["nonce"])
        written = False
        try:
            response = await request.respond(content_type="application/xml; charset=utf-8")
            await response.send(sealed, end_stream=True)
            written = True
        finally:
            await asyncio.shield(self._delivery.settle(answer, written=written))

    def _show_typing(self, message: inbound.Message, account: WeChatAccount, conversation_id: str) -> None:
        """Tell a buyer whose answer takes longer that somebody is at it."""
        if self._delivery.can_push(account) and self._road.works_on(conversation_id):
            task = asyncio.create_task(self._typing(account, message.openid))
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def _typing(self, account: WeChatAccount, openid: str) -> None:
        try:
            await self._clients[account.key].typing(openid)
        except WeChatError as error:
            logger.debug("typing could not be shown: %s", error)


def _query(request: Request) -> dict[str, str]:
    """The query with one value per name: the first, which is the one that was signed."""
    return {name: values[0] for name, values in request.args.items() if values}

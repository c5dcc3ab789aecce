"""The one process: services, agent, road, channels, desk and pages, run by Sanic on one event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rasa.core.channels.channel import InputChannel

from bot.channels.desk.channel import DeskInput
from bot.channels.desk.parts import DeskParts
from bot.channels.media import EvidenceFromChannels
from bot.channels.web import STATIC
from bot.channels.web.calendar import asks_cases
from bot.channels.web.channel import WebInput
from bot.channels.web.signature import LinkSigner, ResumeLinks, SessionSigner
from bot.channels.web.upload import Uploads
from bot.channels.wechat.parts import WeChatParts, wechat_parts
from bot.cli.background import Background
from bot.cli.channels import wechat_accounts
from bot.cli.metrics import stored_metrics
from bot.cli.moments import SHANGHAI
from bot.conversation.relay import OutboxRelay
from bot.conversation.road import Road
from bot.handoff.watch import watch_queue
from bot.rasa.server import create_app
from bot.rasa.start import build_road, load_model, prove_model
from bot.settings import signing_secret
from bot.wiring import Services


@dataclass(frozen=True)
class _Program:
    """The parts of one running server."""

    road: Road
    doors: Sequence[InputChannel]
    relay: OutboxRelay | None
    wechat: WeChatParts | None


def run_server(services: Services, on_ready: Callable[[str], None]) -> None:
    """Serve until stopped; ``on_ready`` gets the page's address once it answers.

    Raises:
        SettingsError, DatabaseProblem, NoModel, ModelDamaged, ModelUnfit: each says what to do.
    """
    settings = services.settings
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    program = _assemble(services)
    background = Background()
    background.add("queue", lambda: watch_queue(services.handoffs, _now))
    if program.relay is not None:
        background.add("outbox", program.relay.run)
    app = create_app(
        program.road,
        program.doors,
        STATIC,
        {"database": _database_answers(services), "model": _true},
        on_start=[services.database.connect, background.start],
        on_stop=[
            background.stop,
            *([program.wechat.close] if program.wechat else []),
            services.database.close,
        ],
        proxies=settings.proxies,
        extra_metrics=stored_metrics(services, program.wechat.sender.counts if program.wechat else None),
    )

    @app.after_server_start
    async def announce(_app: object, _loop: object) -> None:
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        on_ready(f"http://{shown}:{settings.port}/")

    app.run(settings.host, settings.port, access_log=False, debug=False)


def _assemble(services: Services) -> _Program:
    resume = ResumeLinks(signing_secret(services.settings), _now)
    accounts = wechat_accounts(services.settings)
    wechat = wechat_parts(services, accounts, _now, _links(services, resume)) if accounts else None
    agent = load_model(services)
    # Proven before the server listens: a model that is not ours must never answer a buyer.
    asyncio.run(prove_model(agent, services))
    fetchers = {"wechat": wechat.media} if wechat else {}
    road = build_road(services, agent, clock=_now, media=EvidenceFromChannels(services.evidence, fetchers))
    doors: list[InputChannel] = [_web(services, road, resume), _desk(services, road)]
    if wechat is None:
        return _Program(road, doors, None, None)
    relay = OutboxRelay(services.database, {"wechat": wechat.sender}, _now)
    services.voice.on_lines.append(relay.wake)
    return _Program(road, [*doors, wechat.door(services, road, _now)], relay, wechat)


def _web(services: Services, road: Road, resume: ResumeLinks) -> WebInput:
    secret = signing_secret(services.settings)
    return WebInput(
        road,
        SessionSigner(secret, _now),
        LinkSigner(secret, _now),
        clock=_now,
        uploads=Uploads(road, services.evidence, services.cases, _now),
        resume=resume,
        status=services.handoffs.status,
        calendar=asks_cases(services.cases, services.rulebook, _now),
    )


def _desk(services: Services, road: Road) -> DeskInput:
    return DeskInput(
        DeskParts(
            database=services.database,
            road=road,
            cases=services.cases,
            evidence=services.evidence,
            rulebook=services.rulebook,
            handoffs=services.handoffs,
            accounts=services.agents,
            clock=_now,
        ),
        public_url=services.settings.public_url,
    )


def _links(services: Services, resume: ResumeLinks) -> Callable[[str], str | None]:
    """The page that shows a conversation of another channel, where the server has a public address."""
    address = services.settings.public_url

    def link(conversation_id: str) -> str | None:
        return f"{address}/widget/#resume={resume.issue(conversation_id)}" if address else None

    return link


def _database_answers(services: Services) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        async with services.database.read() as tx:
            await tx.exec_driver_sql("SELECT 1")
        return True

    return check


async def _true() -> bool:
    return True


def _now() -> datetime:
    return datetime.now(SHANGHAI)

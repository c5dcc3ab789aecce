"""The one process: services, agent, road, web channel and page, run by Sanic on one event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.channels.web import STATIC
from bot.channels.web.channel import WebInput
from bot.channels.web.signature import LinkSigner, SessionSigner
from bot.channels.web.upload import Uploads
from bot.cli.moments import SHANGHAI
from bot.conversation.road import Road
from bot.rasa.server import create_app
from bot.rasa.start import build_road, load_model, prove_model
from bot.settings import signing_secret
from bot.wiring import Services


def run_server(services: Services, on_ready: Callable[[str], None]) -> None:
    """Serve until stopped; ``on_ready`` gets the page's address once it answers.

    Raises:
        SettingsError, DatabaseProblem, NoModel, ModelDamaged, ModelUnfit: each says what to do.
    """
    settings = services.settings
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    agent = load_model(services)
    # Proven before the server listens: a model that is not ours must never answer a buyer.
    asyncio.run(prove_model(agent, services))
    road = build_road(services, agent, clock=_now)
    app = create_app(
        road,
        [_web(services, road)],
        STATIC,
        {"database": _database_answers(services), "model": _true},
        on_start=[services.database.connect],
        on_stop=[services.database.close],
    )

    @app.after_server_start
    async def announce(_app: object, _loop: object) -> None:
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        on_ready(f"http://{shown}:{settings.port}/")

    app.run(settings.host, settings.port, access_log=False, debug=False)


def _web(services: Services, road: Road) -> WebInput:
    secret = signing_secret(services.settings)
    uploads = Uploads(road, services.evidence, services.cases, _now)
    return WebInput(
        road,
        SessionSigner(secret, _now),
        LinkSigner(secret, _now),
        clock=_now,
        uploads=uploads,
    )


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

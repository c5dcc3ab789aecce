"""From services to a road that answers: load the newest model, prove that it is ours, wire the turn handler."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.conversation.road import Road
from bot.conversation.worker import RoadLimits
from bot.rasa import logs
from bot.rasa.action_endpoint import InProcessActions, RemoteActions, load_executor
from bot.rasa.agent import RasaTurnHandler, TurnAgent, load_agent
from bot.rasa.model_check import check_model
from bot.wiring import Services

# A sentence of ours for each kind of reading that everything else depends on.
CANARY = (("你好", "greeting"), ("快递显示签收了但是我根本没收到", "report_dispute"), ("转人工", "ask_human"))
COMPONENTS = ("ContextReader",)


class NoModel(Exception):
    """There is no trained model to load."""


async def road_for(services: Services, *, clock: Callable[[], datetime]) -> Road:
    """A road over the newest model, proven to be ours; not started yet.

    Raises:
        NoModel: nothing was trained.
        ModelUnfit: the archive lacks one of our parts.
    """
    agent = load_model(services)
    await prove_model(agent, services)
    return build_road(services, agent, clock=clock)


def build_road(services: Services, agent: TurnAgent, *, clock: Callable[[], datetime]) -> Road:
    """The road whose turns are handled by ``agent``."""
    return Road(
        services.database,
        RasaTurnHandler(agent),
        clock=clock,
        case_session=services.cases.session,
        erasers=(services.evidence,),
        limits=RoadLimits(turn_timeout=services.settings.turn_timeout_s),
    )


def load_model(services: Services) -> TurnAgent:
    """The agent over the newest model; blocks for some seconds.

    Raises:
        NoModel: nothing was trained.
    """
    logs.configure(services.settings.log_level)
    url = services.settings.action_url
    actions = RemoteActions(url) if url else InProcessActions(load_executor("actions"))
    return load_agent(newest_model(services.settings.models_dir), services.database, actions)


async def prove_model(agent: TurnAgent, services: Services) -> None:
    """Refuse a model that is not ours.

    Raises:
        ModelUnfit: see `check_model`.
    """
    endpoint = agent.action_endpoint
    names = endpoint.names if isinstance(endpoint, InProcessActions) else None
    await check_model(agent, components=COMPONENTS, canary=CANARY, actions=names)


def newest_model(folder: Path) -> Path:
    """The newest archive.

    Raises:
        NoModel: there is none.
    """
    archives = sorted(folder.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
    if not archives:
        raise NoModel(f"there is no trained model in {folder}: run `make train` (or `bot train`) first")
    return archives[-1]

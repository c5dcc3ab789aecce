"""From services to a road that answers: load the newest model, prove that it is ours, wire the turn handler."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.conversation.road import Road
from bot.conversation.worker import MediaKeeper, RoadLimits
from bot.rasa import logs
from bot.rasa.action_endpoint import InProcessActions, RemoteActions, load_executor
from bot.rasa.agent import RasaTurnHandler, TurnAgent, load_agent
from bot.rasa.archive import check_archive, newest_model
from bot.rasa.model_check import ModelUnfit, check_model
from bot.wiring import Services

# A sentence of ours for each kind of reading that everything else depends on.
CANARY = (("你好", "greeting"), ("快递显示签收了但是我根本没收到", "report_dispute"), ("转人工", "ask_human"))
COMPONENTS = ("ContextReader",)


async def road_for(services: Services, *, clock: Callable[[], datetime]) -> Road:
    """A road over the newest model, proven to be ours; not started yet.

    Raises:
        NoModel, ModelDamaged, ModelUnfit: as `load_model` and `prove_model`.
    """
    agent = load_model(services)
    await prove_model(agent, services)
    return build_road(services, agent, clock=clock)


def build_road(
    services: Services,
    agent: TurnAgent,
    *,
    clock: Callable[[], datetime],
    media: MediaKeeper | None = None,
) -> Road:
    """The road whose turns are handled by ``agent``; ``media`` fetches files that a platform only names."""
    return Road(
        services.database,
        RasaTurnHandler(agent),
        clock=clock,
        voice=services.voice,
        case_session=services.cases.session,
        erasers=(services.evidence, services.handoffs),
        media=media,
        own_move=services.handoffs.own_move,
        limits=RoadLimits(turn_timeout=services.settings.turn_timeout_s),
    )


def load_model(services: Services) -> TurnAgent:
    """The agent over the newest model; blocks for some seconds.

    Raises:
        NoModel: nothing was trained.
        ModelDamaged: the archive is cut off or altered.
        ModelUnfit: another program, or another version of this one, trained it.
    """
    logs.configure(services.settings.log_level)
    url = services.settings.action_url
    actions = RemoteActions(url) if url else InProcessActions(load_executor("actions"))
    archive = newest_model(services.settings.models_dir)
    check_archive(archive)
    try:
        return load_agent(archive, services.database, actions)
    except Exception as error:  # a class that is gone, another Rasa: whatever it is, a new model helps
        raise ModelUnfit(
            f"the model {archive} cannot be loaded ({error}): run `bot train --force`"
        ) from error


async def prove_model(agent: TurnAgent, services: Services) -> None:
    """Refuse a model that is not ours.

    Raises:
        ModelUnfit: see `check_model`.
    """
    endpoint = agent.action_endpoint
    names = endpoint.names if isinstance(endpoint, InProcessActions) else None
    try:
        await check_model(agent, components=COMPONENTS, canary=CANARY, actions=names)
    except ModelUnfit as error:
        folder = services.settings.models_dir
        raise ModelUnfit(
            f"the newest model in {folder} was trained on other data ({error}): run `bot train --force`"
        ) from error

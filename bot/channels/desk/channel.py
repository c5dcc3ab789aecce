"""The desk as a channel: its routes mounted beside those of the buyers' channels."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint

from bot.channels.desk import STATIC
from bot.channels.desk.auth import DeskAuth
from bot.channels.desk.canned import DeskCanned
from bot.channels.desk.conversations import DeskConversations
from bot.channels.desk.handoffs import DeskHandoffs
from bot.channels.desk.interventions import DeskInterventions
from bot.channels.desk.pages import add_pages
from bot.channels.desk.parts import DeskLimits, DeskParts
from bot.channels.desk.records import DeskRecords
from bot.channels.desk.stream import DeskStreams


class DeskInput(InputChannel):
    """`desk`: the agents' page and JSON under /desk/. No buyer's message comes in here."""

    def __init__(
        self,
        parts: DeskParts,
        *,
        public_url: str = "",
        static: Path = STATIC,
        limits: DeskLimits | None = None,
    ) -> None:
        """`public_url` is the address that agents open; with https in it the cookie is sent over https only."""
        limits = limits or DeskLimits()
        self._static = static
        self._auth = DeskAuth(parts.accounts, parts.clock, limits, public_url)
        self._guarded = (
            self._auth,
            DeskHandoffs(parts, limits.lines_per_agent),
            DeskRecords(parts, public_url),
            DeskConversations(parts),
            DeskInterventions(parts, limits.step_wait_s),
            DeskStreams(parts, self._auth, limits.streams_per_agent),
            DeskCanned(),
        )

    @classmethod
    def name(cls) -> str:
        """The channel's name in credentials and URLs."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> DeskInput:
        """For credentials.yml: `factory: module.function` names what builds the desk from its real parts."""
        factory = (credentials or {}).get("factory")
        if not factory:
            cls.raise_missing_credentials_exception()
        module, _, function = str(factory).rpartition(".")
        desk: DeskInput = getattr(import_module(module), function)()
        return desk

    def blueprint(self, on_new_message: Any = None) -> Blueprint:
        """The routes. `on_new_message` is not used: the desk speaks through the handoff, never as a buyer."""
        routes = Blueprint("desk_channel", url_prefix="/desk")
        for path, method, handler in self._auth.open_routes():
            routes.add_route(handler, f"/api{path}", methods=[method], name=handler.__name__.strip("_"))
        for part in self._guarded:
            for path, method, handler in part.routes():
                name = f"{type(part).__name__}{handler.__name__}"
                routes.add_route(self._auth.guarded(handler), f"/api{path}", methods=[method], name=name)
        add_pages(routes, self._static)
        return routes

"""Where custom actions run: in this process by default, on an action server when a URL is configured.

Both raise ActionFailed for every failure. It is deliberately no RasaException: stock Rasa swallows those
during slot extraction and goes on as if the action had run, which can tell a buyer "submitted" when
nothing was. ActionFailed ends the turn; the road retries it and, if that fails, apologises.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

TIMEOUT = 8.0  # seconds; must be shorter than a turn (15 s)
_REJECTED = 400


class ActionFailed(Exception):
    """An action did not run to its end; whatever it did is thrown away with the turn."""


class ActionsUnavailable(Exception):
    """The package with the actions cannot be imported."""


def load_executor(package: str = "actions") -> ActionExecutor:
    """An executor with every action of `package`. Raises ActionsUnavailable (the SDK would exit)."""
    executor = ActionExecutor()
    try:
        importlib.import_module(package)
        executor.register_package(package)
    except (ImportError, SystemExit) as error:
        raise ActionsUnavailable(f"actions of package '{package}' cannot be imported: {error}") from error
    return executor


class InProcessActions(EndpointConfig):
    """Looks to Rasa like a remote action server, calls the SDK's executor directly.

    The answer goes through JSON like a remote one, so an action cannot work here and fail on a server.
    """

    def __init__(self, executor: ActionExecutor, timeout: float = TIMEOUT) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = executor
        self._timeout = timeout
        self.domain: dict[str, Any] = {}  # set by the agent: costs nothing to hand over in process

    @property
    def names(self) -> frozenset[str]:
        """The names of every registered action."""
        return frozenset(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run one action call. Raises ActionFailed; a rejection is the 400 that a server would send."""
        call = {"domain": self.domain, **kwargs["json"]}
        name = call.get("next_action")
        try:
            answer = await asyncio.wait_for(self._executor.run(call), self._timeout)
            return json.loads(json.dumps(answer))
        except ActionExecutionRejection as error:
            body = json.dumps({"error": error.message, "action_name": error.action_name})
            raise ClientResponseError(_REJECTED, "rejected", body) from error
        except asyncio.TimeoutError as error:
            raise ActionFailed(f"action '{name}' took longer than {self._timeout} s") from error
        except ActionNotFoundException as error:
            raise ActionFailed(f"action '{name}' is not registered") from error
        except Exception as error:
            raise ActionFailed(f"action '{name}' failed: {type(error).__name__}: {error}") from error


class RemoteActions(EndpointConfig):
    """An action server reached over HTTP, with a time limit that stock Rasa does not offer."""

    def __init__(self, url: str, timeout: float = TIMEOUT, **kwargs: Any) -> None:
        super().__init__(url=url, **kwargs)
        self._timeout = timeout

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Post one action call. Raises ActionFailed for anything but an answer or a proper rejection."""
        kwargs["timeout"] = aiohttp.ClientTimeout(total=self._timeout)
        try:
            answer = await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == _REJECTED and _is_rejection(error.text):
                raise
            raise ActionFailed(f"action server answered {error.status}") from error
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ActionFailed(f"action server: {type(error).__name__}: {error}") from error
        if not isinstance(answer, dict):
            raise ActionFailed("action server answered with something that is no JSON object")
        return answer


def _is_rejection(text: str | bytes) -> bool:
    try:
        body = json.loads(text)
    except ValueError:
        return False
    return isinstance(body, dict) and "action_name" in body

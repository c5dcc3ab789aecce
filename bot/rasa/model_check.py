"""A loaded model must be the one we mean, or the program must not start.

Rasa only logs a missing class and goes on with a stand-in, and a classifier can load untrained.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from rasa.core.actions.action import default_actions

from bot.rasa.agent import TurnAgent


class ModelUnfit(Exception):
    """The model lacks a part, an action or the ability to read a sentence that it must know."""


async def check_model(
    agent: TurnAgent,
    *,
    components: Collection[str] = (),
    canary: Iterable[tuple[str, str]] = (),
    actions: Collection[str] | None = None,
    min_confidence: float = 0.3,
) -> None:
    """Raise ModelUnfit unless all hold.

    `components`: class names that the trained graph must contain (e.g. our classifier);
    `canary`: (sentence, intent) pairs that must be read so, with at least `min_confidence`;
    `actions`: names that can be executed; every custom action of the domain must be among them.
    """
    if agent.processor is None or agent.domain is None:
        raise ModelUnfit("no model is loaded")
    nodes = agent.processor.model_metadata.predict_schema.nodes.values()
    present = {node.uses.__name__ for node in nodes}
    missing = sorted(set(components) - present)
    if missing:
        raise ModelUnfit(f"the model has no {', '.join(missing)}; it has {', '.join(sorted(present))}")
    if actions is not None:
        _check_actions(agent, actions)
    for sentence, intent in canary:
        read = (await agent.parse_message(sentence))["intent"]
        if read.get("name") != intent or float(read.get("confidence") or 0.0) < min_confidence:
            raise ModelUnfit(f"{sentence!r} is read as {read}, not {intent}")


def _check_actions(agent: TurnAgent, actions: Collection[str]) -> None:
    assert agent.domain is not None
    built_in = {action.name() for action in default_actions()}
    custom = {
        name
        for name in agent.domain.user_actions
        if not name.startswith("utter_") and name not in built_in and name not in agent.domain.forms
    }
    unknown = sorted(custom - set(actions))
    if unknown:
        raise ModelUnfit(f"the domain names actions that cannot be executed: {', '.join(unknown)}")

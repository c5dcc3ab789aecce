"""Read one text with a trained model, without an agent: only the language part of the archive is loaded."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


class Parser:
    """Loads in about 10 s (most of it importing Rasa) and reads a message in a few milliseconds."""

    def __init__(self, archive: Path, runner: Any = None) -> None:
        """`archive` is a model that `bot.rasa.archive` has found and checked; `runner` runs its graph (a

        rasa.engine.runner.interface.GraphRunner class, stock's when None)."""
        from rasa.engine.graph import ExecutionContext
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage

        self._folder = TemporaryDirectory(prefix="nlu-model-")
        storage, metadata = LocalModelStorage.from_model_archive(Path(self._folder.name), archive)
        self._target = str(metadata.nlu_target)
        schema = metadata.predict_schema.minimal_graph_schema(targets=[self._target])
        context = ExecutionContext(graph_schema=schema, model_id=metadata.model_id)
        self._runner = (runner or DaskGraphRunner).create(schema, storage, context)

    def parse(self, text: str, context: str | None = None, now: datetime | None = None) -> dict[str, Any]:
        """Intent, ranking, dispute types and entities of one text.

        `context` is the line before it (the bot's or an agent's); `now` (aware) is what days are counted from.
        """
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE

        metadata: dict[str, Any] = {}
        if context:
            metadata["context"] = context
        if now is not None:
            metadata["now"] = now.isoformat()
        # the converter of the graph hands a message without text on unread, so a blank stands for nothing
        message = UserMessage(text or " ", metadata=metadata)
        read = self._runner.run(inputs={PLACEHOLDER_MESSAGE: [message]}, targets=[self._target])[
            self._target
        ][0]
        return _as_dict(text, context, read.as_dict(only_output_properties=True))

    def parse_many(self, rows: list[dict[str, Any]], now: datetime | None = None) -> list[dict[str, Any]]:
        """The rows (`text`, optional `context`) with what was read added to each."""
        return [{**row, **self.parse(str(row.get("text", "")), row.get("context"), now)} for row in rows]


def _as_dict(text: str, context: str | None, read: dict[str, Any]) -> dict[str, Any]:
    intent = read.get("intent") or {"name": "nlu_fallback", "confidence": 1.0}
    ranking = read.get("intent_ranking") or [intent]
    parsed: dict[str, Any] = {
        "text": text,
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "ranking": [{"intent": one["name"], "confidence": one["confidence"]} for one in ranking],
        "dispute_types": read.get("dispute_types") or [],
        "entities": [_entity(one) for one in read.get("entities") or []],
    }
    if context:
        parsed["context"] = context
    return parsed


def _entity(one: dict[str, Any]) -> dict[str, Any]:
    return {name: one.get(name) for name in ("entity", "value", "start", "end", "resolved", "certainty")}

"""The straight runner runs what dask would, in an order that works."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.rasa.graph_runner import StraightGraphRunner, plan


class Adds(GraphComponent):
    """Adds up what it is given."""

    @classmethod
    def create(cls, config: Any, model_storage: Any, resource: Any, execution_context: Any) -> Adds:
        return cls()

    def add(self, one: int, other: int = 0) -> int:
        if one < 0:
            raise RuntimeError("negative")
        return one + other


def node(**needs: str) -> SchemaNode:
    return SchemaNode(needs=needs, uses=Adds, constructor_name="create", fn="add", config={}, eager=True)


SCHEMA = GraphSchema(
    {
        "sum": node(one="double", other="start"),
        "double": node(one="start", other="start"),
        "start": node(one="given"),
        "aside": node(one="start"),
    }
)


def runner(kind: Any) -> Any:
    from rasa.engine.graph import ExecutionContext

    return kind(SCHEMA, None, ExecutionContext(SCHEMA))


@pytest.mark.parametrize("targets", [["sum"], ["sum", "aside"], ["start"]])
def test_as_dask(targets: list[str]) -> None:
    inputs = {"given": 2}
    assert runner(StraightGraphRunner).run(inputs, targets) == runner(DaskGraphRunner).run(inputs, targets)


def test_each_after_what_it_needs() -> None:
    order = [name for name, _ in plan(SCHEMA)]
    assert order.index("start") < order.index("double") < order.index("sum")


def test_a_missing_input_and_a_failing_node_are_errors() -> None:
    with pytest.raises(GraphRunError):
        runner(StraightGraphRunner).run({}, ["sum"])
    with pytest.raises(Exception, match="running"):
        runner(StraightGraphRunner).run({"given": -1}, ["sum"])

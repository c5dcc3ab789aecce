"""A training example that is cheap to copy."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from rasa.shared.nlu.training_data.message import Message


class Example(Message):
    """A Message as Rasa reads it from the data. Rasa merges its sets of examples again and again while it gathers
    them, copying each message deeply and hashing it anew: a fifth of a training. What an example holds is small and
    known, so the copy is made by hand, and its fingerprint stays valid until something changes."""

    @classmethod
    def of(cls, message: Message) -> Example:
        """The same example. Takes over what `message` holds: use it no more."""
        example = cls.__new__(cls)
        example.__dict__.update(message.__dict__)
        return example

    def set(self, prop: str, info: Any, add_to_output: bool = False) -> None:
        """As in Rasa; a value that is there already changes nothing."""
        if prop in self.data and self.data[prop] == info and not add_to_output:
            return
        super().set(prop, info, add_to_output)

    def __deepcopy__(self, memo: dict[int, Any]) -> Example:
        """An example that shares nothing with this one that can be changed."""
        copied = type(self).__new__(type(self))
        copied.__dict__.update(self.__dict__)
        copied.data = {name: _copied(value, memo) for name, value in self.data.items()}
        copied.features = deepcopy(self.features, memo)
        copied.output_properties = set(self.output_properties)
        return copied


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    return value if isinstance(value, str) else deepcopy(value, memo)

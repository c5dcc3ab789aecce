"""The one place where XML from outside is read: flat callbacks, no document type, no entities, little depth."""

from __future__ import annotations

from xml.parsers import expat

from bot.channels.wechat.errors import Refused

DEEPEST = 8  # levels; the platform's own messages have at most 4


def read_fields(xml: bytes) -> dict[str, str]:
    """The texts of the elements directly under the root, by name; what is nested deeper is left out.

    A name that comes twice keeps its first text. Whitespace around a text is dropped.

    Raises:
        Refused: no UTF-8, not well-formed, a document type, or nested too deep.
    """
    reader = _Reader()
    try:
        reader.parse(xml.decode("utf-8-sig"))
    except (expat.ExpatError, UnicodeError):
        raise Refused("broken_xml") from None
    return reader.fields


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._text: list[str] = []

    def parse(self, xml: str) -> None:
        # Given as text, the document's own encoding declaration does not count.
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(xml, True)

    def _doctype(self, *_: object) -> None:
        raise Refused("doctype")

    def _start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused("broken_xml")
        if self._depth == 2:
            self._text = []

    def _data(self, text: str) -> None:
        if self._depth == 2:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._depth == 2:
            self.fields.setdefault(name, "".join(self._text).strip())
        self._depth -= 1

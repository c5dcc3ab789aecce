"""What a messaging platform can show, as far as rendering has to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Buttons = Literal["menu", "numbered", "native"]
FEWEST_BYTES = 200  # a label and some text have to fit


@dataclass(frozen=True)
class Capabilities:
    """The limits of one way of answering.

    `text_bytes`: UTF-8 bytes of one bubble. `buttons`: drawn by the channel as a list of links ("menu") or as
    real buttons ("native"), or written into the text as a list to answer with a number ("numbered").
    `most_buttons`: how many the channel can draw below one bubble; more are numbered. `button_text_bytes`:
    text of a bubble that has drawn buttons, None = `text_bytes`. `images`: the channel sends pictures itself.
    `bubbles`: how many one answer should have at most; the renderer itself never leaves anything out.

    Raises:
        ValueError: a limit too small for anything.
    """

    text_bytes: int
    buttons: Buttons
    most_buttons: int
    images: bool
    bubbles: int
    button_text_bytes: int | None = None

    def __post_init__(self) -> None:
        if min(self.text_bytes, self.text_bytes_with_buttons) < FEWEST_BYTES:
            raise ValueError(f"a bubble must hold at least {FEWEST_BYTES} bytes")
        if self.most_buttons < 0 or self.bubbles < 1:
            raise ValueError("an answer has at least one bubble, and no fewer than 0 buttons")

    @property
    def text_bytes_with_buttons(self) -> int:
        """UTF-8 bytes of a bubble that has drawn buttons."""
        return self.text_bytes if self.button_text_bytes is None else self.button_text_bytes

    def draws(self, count: int) -> bool:
        """Whether the channel draws that many buttons itself."""
        return self.buttons != "numbered" and 0 < count <= self.most_buttons

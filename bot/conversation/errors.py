"""What can go wrong on the road, each with the Chinese sentence the buyer reads."""

from __future__ import annotations


class RoadError(Exception):
    """A message was not accepted. Nothing has been stored.

    `code` is stable for programs; `message_zh` is shown to the buyer.
    """

    code = "refused"
    message_zh = "消息没有被接收，请稍后再试。"

    def __init__(self, message_zh: str | None = None) -> None:
        if message_zh is not None:
            self.message_zh = message_zh
        super().__init__(self.message_zh)


class EmptyMessage(RoadError):
    """Nothing is left to read after sanitising."""

    code = "empty_text"
    message_zh = "消息内容是空的，请输入文字后再发送。"


class MessageTooLong(RoadError):
    """Longer than the log keeps (sanitise.MAX_STORED characters)."""

    code = "text_too_long"
    message_zh = "消息太长了（超过 5000 字），请分几条发送。"


class ButtonRefused(RoadError):
    """A button token that we did not issue to this conversation, or that has expired."""

    code = "button_invalid"
    message_zh = "这个按钮已失效，请直接用文字回复，或点击最新消息里的按钮。"


class ConversationErased(RoadError):
    """The buyer had this conversation erased; its token opens nothing any more."""

    code = "session_erased"
    message_zh = "这个会话已按您的要求删除，请重新开始一个新会话。"


class BadIdentifier(RoadError):
    """A conversation or message id outside the allowed alphabet and length."""

    code = "bad_id"
    message_zh = "消息编号格式不正确，请刷新页面后重试。"


class TurnSuperseded(Exception):
    """The inbox row is no longer pending (another process ran it, or it was erased): drop the turn."""


class OwnerChanged(Exception):
    """A person took the conversation while the bot was thinking: its answer is dropped."""


class MediaLost(Exception):
    """A file could not be fetched from the platform, or not be taken, and trying again will not help.

    `kind` is what it was: image, voice, video or file; `message_zh` says why where there is more to say.
    """

    def __init__(self, kind: str, message_zh: str = "") -> None:
        self.kind = kind
        self.message_zh = message_zh
        super().__init__(kind)

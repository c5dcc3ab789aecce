"""What can go wrong at the desk: a stable code for programs and a Chinese sentence for the agent."""

from __future__ import annotations


class HandoffError(Exception):
    """The move was refused; nothing has changed."""

    code = "refused"
    message_zh = "操作没有成功，请刷新后重试。"

    def __init__(self, message_zh: str | None = None) -> None:
        if message_zh is not None:
            self.message_zh = message_zh
        super().__init__(self.message_zh)


class AlreadyClaimed(HandoffError):
    """Another agent was faster; ``agent_name`` is who."""

    code = "already_claimed"

    def __init__(self, agent_name: str) -> None:
        self.agent_name = agent_name
        super().__init__(f"这个会话已由 {agent_name} 接入。")


class NotYours(HandoffError):
    """Only the agent who has the conversation may do this."""

    code = "not_yours"
    message_zh = "这个会话不在您手上，不能这样操作。"


class WrongState(HandoffError):
    """There is no such move from the state the handoff is in."""

    code = "wrong_state"
    message_zh = "会话的状态已经变了，请刷新后再操作。"


class UnknownHandoff(HandoffError):
    """No handoff, or no conversation, of that id."""

    code = "unknown"
    message_zh = "没有找到这个会话。"


class AccountError(ValueError):
    """An agent's account cannot be made or changed; the message says in English what to do."""

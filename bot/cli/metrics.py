"""What /metrics looks up: lines on their way to platforms, the desk's queue, what WeChat has taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.channels.wechat.sender import SendCounts
from bot.conversation import outbox
from bot.rasa.metrics import Labels, Metric, MoreMetrics, single
from bot.wiring import Services


def stored_metrics(services: Services, wechat: Mapping[str, SendCounts] | None) -> MoreMetrics:
    """Asks the database; ``wechat`` are the counts of the sender by account, None when the channel is off."""

    async def ask() -> Sequence[Metric]:
        async with services.database.read() as tx:
            lines = await outbox.counts(tx)
        waiting = single(
            "bot_handoffs_queued", "gauge", "buyers who wait for a person", await services.handoffs.waiting()
        )
        return [_outbox(lines), waiting, *([_wechat(wechat)] if wechat is not None else [])]

    return ask


def _outbox(lines: Mapping[tuple[str, str], int]) -> Metric:
    values: dict[Labels, float] = {
        (("channel", channel), ("state", state)): count for (channel, state), count in sorted(lines.items())
    }
    return Metric("bot_outbox_lines", "gauge", "lines that platforms have not taken yet", values)


def _wechat(counts: Mapping[str, SendCounts]) -> Metric:
    values: dict[Labels, float] = {
        (("account", key), ("outcome", outcome)): count
        for key, account in sorted(counts.items())
        for outcome, count in vars(account).items()
    }
    return Metric("bot_wechat_lines_total", "counter", "lines handed to WeChat since the start", values)

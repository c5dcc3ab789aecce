"""A process for test_kill.py: the real web server over a handler that takes its time. argv: url, port, seconds."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.web.channel import WebInput
from bot.channels.web.signature import LinkSigner, SessionSigner
from bot.conversation.road import Road
from bot.conversation.turn import Turn
from bot.database.engine import Database
from bot.rasa.server import create_app

SECRET = "f" * 40


class SlowHandler:
    """Says one line per message, after a while."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    async def handle(self, turn: Turn) -> None:
        turn.say("收到：" + turn.message.body["text"])
        turn.tracker.events = [{"event": "restart", "timestamp": 0}]
        turn.tracker.base = turn.message.log_seq * 10
        await asyncio.sleep(self.seconds)


def clock() -> datetime:
    return datetime.now(ZoneInfo("Asia/Shanghai"))


def main() -> None:
    url, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    database = Database(url)
    road = Road(database, SlowHandler(seconds), clock=clock)
    web = WebInput(road, SessionSigner(SECRET, clock), LinkSigner(SECRET, clock), clock=clock)
    app = create_app(
        road, [web], Path(), {}, on_start=(database.connect,), on_stop=(database.close,), name="slow_server"
    )
    app.run("127.0.0.1", port, access_log=False, motd=False)


if __name__ == "__main__":
    main()

"""kill -9 in the middle of a turn of the real server: nothing lost, nothing twice, nothing faked."""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.model]

COMPLAINT = "天猫买的运动鞋收到就开胶了，商家不给退"


def call(url: str, path: str, body: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}{path}", data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        read: dict[str, Any] = json.load(answer)
        return read


def entries(url: str, token: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(url, "/webhooks/web/history?limit=100", token=token)["entries"]
    return found


def settle(url: str, token: str, after: int) -> list[dict[str, Any]]:
    """Wait until the bot has answered past `after` and stays quiet."""
    deadline, last = time.monotonic() + 30, -1
    while time.monotonic() < deadline:
        now = entries(url, token)
        if len(now) > after and len(now) == last and now[-1]["author"]["type"] == "bot":
            return now
        last = len(now)
        time.sleep(0.5)
    raise AssertionError(f"no answer: {entries(url, token)}")


@pytest.mark.parametrize("pause", [0.0, 0.01, 0.03])
def test_killed_in_a_turn_it_answers_once_after_the_restart(
    live_server: Callable[[], Any], pause: float
) -> None:
    server = live_server()
    token = call(server.url, "/webhooks/web/session", {})["token"]

    call(server.url, "/webhooks/web/messages", {"client_msg_id": "m1", "text": COMPLAINT}, token)
    time.sleep(pause)
    server.kill()
    before = stored(server)
    server.start()
    after = settle(server.url, token, 1)

    again = call(server.url, "/webhooks/web/messages", {"client_msg_id": "m1", "text": COMPLAINT}, token)
    time.sleep(1)
    assert [one["text"] for one in after if one["author"]["type"] == "buyer"] == [COMPLAINT]
    assert before["inbox"] == 1
    assert again["dup"] is True
    assert entries(server.url, token) == after
    assert stored(server)["turns"] == 1
    assert "JR2" not in json.dumps(after)


def stored(server: Any) -> dict[str, int]:
    with sqlite3.connect(server.data / "bot.db") as database:
        inbox = database.execute("SELECT count(*) FROM inbox").fetchone()[0]
        turns = database.execute("SELECT count(*) FROM tracker_events WHERE event_type = 'user'").fetchone()[
            0
        ]
    return {"inbox": inbox, "turns": turns}

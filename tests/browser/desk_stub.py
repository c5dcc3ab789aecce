"""A stand-in for the desk's API: two agents, a small queue, faults on demand. Standard library only.

Run by hand for work on the page:  python tests/browser/desk_stub.py [port]     (wang or li, password 1234)
"""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

HERE = Path(__file__).resolve().parent
STATIC = HERE.parents[1] / "bot" / "channels" / "desk" / "static"
PASSWORD = "1234"
PING_S = 10
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}  # fmt: skip
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def _sibling(name: str) -> Any:
    """The module beside this one, whether this file was run, or loaded by pytest without a package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAMPLE = _sibling("desk_sample")
ANSWERS = _sibling("desk_answers")


class DeskStub:
    """The desk's state; tests read and change it directly and call `touch` to tell the page."""

    def __init__(self, port: int = 0) -> None:
        self.sample = SAMPLE
        self.now = datetime.now(SAMPLE.SHANGHAI)
        self.queue: list[dict[str, Any]] = SAMPLE.queue(self.now)
        self.interventions = [SAMPLE.intervention(self.now)]
        self.cases = {f"web:shop-a:{no}": SAMPLE.case(no, self.now) for no in (1, 2, 3)}
        self.lines: dict[str, list[dict[str, Any]]] = {}
        self.notes: dict[str, list[dict[str, Any]]] = {}
        self.typing: dict[str, bool] = {}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.posts: list[tuple[str, dict[str, Any]]] = []
        self.revealed: list[str] = []
        self.streams_allowed = True
        self.changes = 0
        self.changed = threading.Condition()
        self._faults: dict[str, list[Exception]] = {}
        self._stopped = False
        for item in self.queue:
            for line in SAMPLE.talk(self.now, 120 if item["id"] == "h_1" else 0):
                self.add_line(item["conversation_id"], **line)
        self._http = _Http(("127.0.0.1", port), type("Handler", (_Handler,), {"stub": self}))
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/desk/"

    def start(self) -> DeskStub:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._stopped = True
        self._http.shutdown()
        self._http.server_close()

    @property
    def streaming(self) -> bool:
        return self.streams_allowed and not self._stopped

    def touch(self) -> None:
        with self.changed:
            self.changes += 1
            self.changed.notify_all()

    def add_line(self, conversation: str, author: str, name: str = "", **fields: Any) -> dict[str, Any]:
        with self.changed:
            lines = self.lines.setdefault(conversation, [])
            ts = datetime.now(SAMPLE.SHANGHAI).isoformat()
            line = {"seq": len(lines) + 1, "id": uuid.uuid4().hex, "ts": ts,
                    "author": {"type": author, "name": name}, **fields}  # fmt: skip
            lines.append(line)
            self.changed.notify_all()
            return line

    def set_typing(self, conversation: str, on: bool) -> None:
        with self.changed:
            self.typing[conversation] = on
            self.changed.notify_all()

    def fail_next(
        self, path: str, status: int, code: str, message: str, retry_after: int | None = None
    ) -> None:
        """The next request to /desk/api/<path> gets this error."""
        self._faults.setdefault(path, []).append(ANSWERS.Refused(status, code, message, retry_after))

    def fault(self, path: str) -> None:
        if self._faults.get(path):
            raise self._faults[path].pop(0)

    def handoff(self, handoff_id: str) -> dict[str, Any]:
        for item in self.queue:
            if item["id"] == handoff_id:
                return item
        raise ANSWERS.Refused(404, "not_found", "没有找到这条记录。")


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers hang up in the middle of streams all the time; anything else is a bug here."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    stub: DeskStub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, work: Callable[[str, dict[str, str]], None]) -> None:
        url = urlsplit(self.path)
        try:
            if url.path.startswith("/desk/api/"):
                path = url.path.removeprefix("/desk/api/")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.body = json.loads(body) if body else {}
                self.stub.fault(unquote(path))
                work(path, {key: value[0] for key, value in parse_qs(url.query).items()})
            else:
                self._static(url.path)
        except ANSWERS.Refused as refused:
            more = {} if refused.retry_after is None else {"Retry-After": str(refused.retry_after)}
            self._json({"error": {"code": refused.code, "message": refused.message}}, refused.status, more)

    def _static(self, path: str) -> None:
        file = (STATIC / (path.removeprefix("/desk/") or "index.html")).resolve()
        if STATIC not in file.parents or not file.is_file():
            raise ANSWERS.Refused(404, "not_found", "没有这个页面。")
        self._send(200, file.read_bytes(), TYPES[file.suffix], {"Content-Security-Policy": POLICY})

    def _signed_in(self) -> dict[str, Any]:
        cookie = (self.headers.get("Cookie") or "").partition("desk_session=")[2].partition(";")[0]
        if cookie not in self.stub.sessions:
            raise ANSWERS.Refused(401, "unauthorized", "请先登录。")
        return self.stub.sessions[cookie]

    def _get(self, path: str, query: dict[str, str]) -> None:
        session = self._signed_in()
        parts = [unquote(part) for part in path.split("/")]
        if path == "me":
            self._json(session)
        elif path == "events":
            self._stream_queue()
        elif parts[0] == "conversations" and parts[2] == "events":
            self._stream_talk(parts[1], int(query["after_seq"]))
        elif parts[0] == "evidence":
            self._send(200, SAMPLE.picture(), "image/png")
        elif parts[-1] == "export":
            named = {"Content-Disposition": f'attachment; filename="{parts[1]}.{query["format"]}"'}
            self._send(200, b"{}", "application/octet-stream", named)
        else:
            self._json(ANSWERS.DeskApi(self.stub, session["agent"]).get(parts, query))

    def _post(self, path: str, _query: dict[str, str]) -> None:
        if path == "login":
            self._login()
            return
        session = self._signed_in()
        if self.headers.get("X-CSRF-Token") != session["csrf"]:
            raise ANSWERS.Refused(403, "bad_csrf", "页面已过期，请刷新后再操作。")
        if path == "logout":
            self.stub.sessions.clear()
            self._json({})
            return
        self.stub.posts.append((unquote(path), self.body))
        answer = ANSWERS.DeskApi(self.stub, session["agent"]).post(
            [unquote(part) for part in path.split("/")], self.body
        )
        self._json(answer)
        self.stub.touch()

    def _login(self) -> None:
        agent = SAMPLE.AGENTS.get(self.body["name"])
        if agent is None or self.body["password"] != PASSWORD:
            raise ANSWERS.Refused(401, "login_failed", "用户名或密码不正确。")
        cookie = uuid.uuid4().hex
        self.stub.sessions[cookie] = {"agent": agent, "csrf": uuid.uuid4().hex}
        head = {"Set-Cookie": f"desk_session={cookie}; HttpOnly; SameSite=Strict; Path=/desk"}
        self._json(self.stub.sessions[cookie], 200, head)

    def _stream_queue(self) -> None:
        self._open_stream()
        seen = -1
        for _ in self._while_streaming():
            if self.stub.changes != seen:
                seen = self.stub.changes
                self._event("queue", {})

    def _stream_talk(self, conversation: str, after: int) -> None:
        self._open_stream()
        typing = False
        for _ in self._while_streaming():
            for line in self.stub.lines.get(conversation, [])[after:]:
                self._event("message", line)
                after = line["seq"]
            if self.stub.typing.get(conversation, False) != typing:
                typing = not typing
                self._event("typing", {"on": typing})

    def _open_stream(self) -> None:
        if not self.stub.streaming:
            raise ANSWERS.Refused(503, "busy", "服务正忙，请稍后再试。")
        self._signed_in()
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def _while_streaming(self) -> Any:
        """Comes back whenever something changed, until the streams or the session end."""
        pinged = time.monotonic()
        while self.stub.streaming:
            try:
                self._signed_in()
            except ANSWERS.Refused:
                return
            with self.stub.changed:
                yield
                self.stub.changed.wait(0.2)
            if time.monotonic() - pinged > PING_S:
                pinged = time.monotonic()
                self._write(": ping\n\n")

    def _event(self, event: str, data: dict[str, Any]) -> None:
        self._write(f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")

    def _write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def _json(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body, ensure_ascii=False).encode()
        self._send(status, data, "application/json; charset=utf-8", headers)

    def _send(self, status: int, body: bytes, mime: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": mime,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = DeskStub(int(sys.argv[1]) if len(sys.argv) > 1 else 8124).start()
    print(f"{server.url}  wang or li, password {PASSWORD}")
    threading.Event().wait()

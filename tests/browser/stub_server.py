"""A stand-in for the web channel: same HTTP API, canned replies, faults on demand. Standard library only.

Run by hand for work on the widget:  python tests/browser/stub_server.py [port]
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import threading
import time
import uuid
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HERE = Path(__file__).resolve().parent
# As in widget/build.mjs: a build that is being worked on need not be the committed one.
_BUILDS = os.environ.get("WIDGET_OUT")
STATIC = (
    Path(_BUILDS, "web").resolve() if _BUILDS else HERE.parents[1] / "bot" / "channels" / "web" / "static"
)
API = "/webhooks/web"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
         ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}  # fmt: skip
MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF": "application/pdf"}


def _sibling(name: str) -> Any:
    """The module beside this one, whether this file was run, or loaded by pytest without a package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


REPLIES = _sibling("stub_replies")
Conversation = _sibling("stub_conversation").Conversation


class StubServer:
    """`fail_next` and the counters let a test play the network; `url` is where it listens."""

    conversation_type = Conversation

    def __init__(self, port: int = 0, reply_delay: float = 0.3) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.reply_delay = reply_delay
        self.upload_delay = 0.0
        self.upload_hold = 0.0  # seconds before the body is read, for an upload that stays in the middle
        self.wrong_hash = False
        self.posts: list[dict[str, Any]] = []
        self.links: dict[str, str] = {}  # what a link's token opens; any other has expired
        self.streams_allowed = True
        self._faults: dict[str, list[tuple[int, str]]] = {}
        handler = type("Handler", (_Handler,), {"stub": self})
        self._http = _Http(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def start(self) -> StubServer:
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self.streams_allowed = False
        self._http.shutdown()
        self._http.server_close()

    def fail_next(self, path: str, status: int, message: str, times: int = 1) -> None:
        """The next `times` requests to /webhooks/web/<path> get this error."""
        self._faults.setdefault(path, []).extend([(status, message)] * times)

    def fault(self, path: str) -> tuple[int, str] | None:
        waiting = self._faults.get(path)
        return waiting.pop(0) if waiting else None

    def only_conversation(self) -> Conversation:
        (conversation,) = self.conversations.values()
        return conversation

    def answer(self, conversation: Conversation, text: str) -> None:
        def work() -> None:
            if REPLIES.play_desk(conversation, text) or conversation.owner["owner"] != "bot":
                return  # a person reads it, now or later
            conversation.set_typing(True)
            time.sleep(self.reply_delay)
            for reply in REPLIES.replies_to(text, datetime.now(REPLIES.SHANGHAI)):
                conversation.say(**reply)
            conversation.set_typing(False)

        threading.Thread(target=work, daemon=True).start()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers hang up in the middle of streams and uploads all the time; anything else is a bug here."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    stub: StubServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path.startswith(API):
            self._api("GET", url.path[len(API) + 1 :], {k: v[0] for k, v in parse_qs(url.query).items()})
        elif url.path == "/host":
            self._send(200, HOST_PAGE.encode(), "text/html; charset=utf-8")
        else:
            self._static(url.path)

    def do_POST(self) -> None:
        self._api("POST", urlsplit(self.path).path[len(API) + 1 :], {})

    def do_DELETE(self) -> None:
        self._api("DELETE", urlsplit(self.path).path[len(API) + 1 :], {})

    def _static(self, path: str) -> None:
        name = path.removeprefix("/widget/").lstrip("/") or "index.html"
        file = (STATIC / name).resolve()
        if STATIC not in file.parents or not file.is_file():
            self._error(404, "没有这个页面。")
            return
        self._send(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"),
                   {"Content-Security-Policy": "default-src 'self'"})  # fmt: skip

    def _api(self, method: str, path: str, query: dict[str, str]) -> None:
        if path == "upload":
            time.sleep(self.stub.upload_hold)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the browser hung up in the middle of its request")
        fault = self.stub.fault(path)
        if fault:
            self._error(*fault)
            return
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        conversation = self.stub.conversations.get(token)
        if (method, path) == ("POST", "session"):
            self._session(token if conversation else None, json.loads(body or b"{}").get("resume"))
        elif path.startswith("thumb/"):
            self._thumb(path.removeprefix("thumb/"))
        elif conversation is None:
            self._error(401, "会话已过期，请重新打开。")
        elif (method, path) == ("DELETE", "session"):
            del self.stub.conversations[token]
            self._send(204, b"", "text/plain")
        else:
            handler = {"messages": self._messages, "upload": self._upload}.get(path)
            if method == "POST" and handler:
                handler(conversation, body)
            else:
                self._read(path, query, conversation, token)

    def _session(self, known: str | None, link: str | None) -> None:
        session = self.stub.links.get(link) if link else known or uuid.uuid4().hex
        if session is None:
            self._error(400, "这个链接已经失效了，请回到原来的聊天里重新打开。")
            return
        self.stub.conversations.setdefault(session, Conversation())
        self._json({"token": session, "session_id": session[:8], "expires_in": 86400})

    def _read(self, path: str, query: dict[str, str], conversation: Conversation, token: str) -> None:
        if path == "events":
            self._events(conversation, int(query.get("after_seq", "0")), token)
        elif path == "history":
            before = int(query.get("before_seq", "1000000000"))
            older = [e for e in conversation.entries if e["seq"] < before]
            limit = int(query.get("limit", "50"))
            self._json({"entries": older[-limit:], "has_more": len(older) > limit})
        elif path == "transcript":
            lines = [f"{e['author']['type']}: {e.get('text', '')}" for e in conversation.entries]
            self._send(200, "\n".join(lines).encode(), "text/plain; charset=utf-8")
        elif path == "deadlines.ics":
            self._send(200, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar; charset=utf-8")
        else:
            self._error(404, "没有这个接口。")

    def _messages(self, conversation: Conversation, body: bytes) -> None:
        message = json.loads(body)
        self.stub.posts.append(message)
        known = conversation.seen.get(message["client_msg_id"])
        if known:
            self._json({"seq": known, "dup": True})
            return
        text = message.get("text") or conversation.tokens.get(message.get("button", ""))
        if text is None:
            self._error(400, "这个按钮已经失效，请直接打字告诉我。")
            return
        pressed = conversation.asked_by(message.get("button"))
        entry = conversation.add("buyer", text=text, client_msg_id=message["client_msg_id"], **pressed)
        conversation.seen[message["client_msg_id"]] = entry["seq"]
        self._json({"seq": entry["seq"], "dup": False})
        self.stub.answer(conversation, text)

    def _upload(self, conversation: Conversation, body: bytes) -> None:
        time.sleep(self.stub.upload_delay)
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = {p.get_param("name", header="content-disposition"): p
                 for p in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()}  # fmt: skip
        data: bytes = parts["file"].get_payload(decode=True)
        mime = next((m for magic, m in MAGIC.items() if data.startswith(magic)), "text/plain")
        digest = hashlib.sha256(data + b"!" if self.stub.wrong_hash else data).hexdigest()
        evidence = uuid.uuid4().hex[:12]
        conversation.thumbs[evidence] = (mime, data)
        thumb = f"{API}/thumb/{evidence}?sig=x" if mime.startswith("image/") else None
        stored = {"evidence_id": evidence, "name": parts["file"].get_filename(), "mime": mime,
                  "size": len(data), "sha256": digest, "thumb": thumb}  # fmt: skip
        client_id = parts["client_msg_id"].get_content().strip()
        entry = conversation.add(
            "buyer", text=f"[证据] {stored['name']}", attachment=stored, client_msg_id=client_id
        )
        self._json({**stored, "seq": entry["seq"], "dup": False})

    def _thumb(self, evidence: str) -> None:
        for conversation in self.stub.conversations.values():
            if evidence in conversation.thumbs:
                mime, data = conversation.thumbs[evidence]
                self._send(200, data, mime)
                return
        self._error(404, "图片不存在。")

    def _events(self, conversation: Conversation, after: int, token: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self._event(
            "session_confirm",
            {
                "session_id": token[:8],
                "owner": conversation.owner["owner"],
                "last_seq": len(conversation.entries),
            },
        )
        typing, told = False, None
        while self.stub.streams_allowed:
            with conversation.changed:
                for entry in conversation.entries[after:]:
                    self._event("message", entry, entry["seq"])
                    after = entry["seq"]
                if conversation.owner != told:
                    told = conversation.owner
                    self._event("owner_changed", told)
                if conversation.typing != typing:
                    typing = conversation.typing
                    self._event("typing", {"on": typing})
                conversation.changed.wait(0.2)

    def _event(self, event: str, data: dict[str, Any], number: int | None = None) -> None:
        head = f"id: {number}\n" if number else ""
        self.wfile.write(f"{head}event: {event}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _json(self, data: dict[str, Any], status: int = 200) -> None:
        self._send(status, json.dumps(data).encode(), "application/json")

    def _error(self, status: int, message: str) -> None:
        self._json({"error": {"code": f"stub_{status}", "message": message}}, status)

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


HOST_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>某网店</title>
<meta name="viewport" content="width=device-width"><body style="font-family:sans-serif;padding:24px">
<h1>某网店</h1><p>商品页面的内容。</p><script async src="/widget/loader.js" data-site="shop-a"></script></body></html>"""


if __name__ == "__main__":
    server = StubServer(int(sys.argv[1]) if len(sys.argv) > 1 else 8123).start()
    print(f"{server.url}/widget/  {server.url}/host")
    threading.Event().wait()

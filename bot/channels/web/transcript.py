"""The conversation as a file for the buyer: web page, plain text or JSON."""

from __future__ import annotations

import json
from datetime import datetime
from html import escape
from typing import Any

from bot.conversation.messages import Entry

AUTHORS = {"bot": "小助手", "buyer": "我", "agent": "人工客服", "system": "系统"}
TITLE = "买家维权助手 · 对话记录"
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:760px;margin:24px auto;
padding:0 16px}}article{{border-top:1px solid #ddd;padding:10px 0}}header{{color:#555;font-size:14px}}
p{{margin:4px 0;white-space:pre-wrap;overflow-wrap:anywhere}}</style></head>
<body><h1>{title}</h1><p>导出时间：{now}（北京时间），共 {count} 条</p>
{articles}
</body></html>
"""


class UnknownFormat(ValueError):
    """Only html, txt and json are made."""


def render(entries: list[Entry], form: str, now: datetime) -> tuple[bytes, str]:
    """(bytes, content type) of the transcript. Raises UnknownFormat."""
    if form == "txt":
        return _as_text(entries, now).encode("utf-8", "replace"), "text/plain; charset=utf-8"
    if form == "html":
        return _as_html(entries, now).encode("utf-8", "replace"), "text/html; charset=utf-8"
    if form == "json":
        return _as_json(entries, now).encode("utf-8", "backslashreplace"), "application/json; charset=utf-8"
    raise UnknownFormat(form)


def _author(entry: Entry) -> str:
    role = AUTHORS.get(entry.author_type, entry.author_type)
    return f"{role}（{entry.author_name}）" if entry.author_type == "agent" and entry.author_name else role


def _body(entry: Entry) -> list[str]:
    """The readable parts of an entry. A card always comes with a text that says the same."""
    parts = [entry.text] if entry.text else []
    if entry.buttons:
        parts.append("［可选：" + " / ".join(button["title"] for button in entry.buttons) + "］")
    if entry.attachment:
        parts.append(_file_line(entry.attachment))
    return parts


def _file_line(attachment: dict[str, Any]) -> str:
    name, size = attachment.get("name", "文件"), attachment.get("size", 0)
    return f"［文件：{name}，{size} 字节，SHA-256 {attachment.get('sha256', '')}］"


def _as_text(entries: list[Entry], now: datetime) -> str:
    lines = [TITLE, f"导出时间：{now:%Y-%m-%d %H:%M:%S}（北京时间），共 {len(entries)} 条", ""]
    for entry in entries:
        lines.append(f"[{entry.created_at:%Y-%m-%d %H:%M:%S}] {_author(entry)}：")
        lines += [*_body(entry), ""]
    return "\n".join(lines)


def _as_html(entries: list[Entry], now: datetime) -> str:
    articles = "\n".join(
        f"<article><header>{escape(_author(entry))} · {entry.created_at:%Y-%m-%d %H:%M:%S}</header>"
        + "".join(f"<p>{escape(part)}</p>" for part in _body(entry))
        + "</article>"
        for entry in entries
    )
    return _PAGE.format(title=TITLE, now=f"{now:%Y-%m-%d %H:%M:%S}", count=len(entries), articles=articles)


def _as_json(entries: list[Entry], now: datetime) -> str:
    body = {"title": TITLE, "exported_at": now.isoformat(), "entries": [entry.to_json() for entry in entries]}
    return json.dumps(body, ensure_ascii=False, indent=2)

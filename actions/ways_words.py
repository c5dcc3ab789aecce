"""Which way out of the platform (升级阶梯) a message speaks of, and which letter it asks for: read by its words."""

from __future__ import annotations

import re

# The steps of bot/disputes/escalation.yml by what buyers call them; the first that matches counts.
_NAMED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("X3", re.compile(r"举报(?!中心的电话)")),
    ("X4", re.compile(r"消协|消费者协会|消费者委员会|消委会|人民调解")),
    ("X7", re.compile(r"(?<!劳动)仲裁")),
    ("X8", re.compile(r"起诉|诉状|打官司|法院|法庭|小额诉讼|诉讼|走法律|法律途径|司法途径|告(?:上|到)法")),
    ("X9", re.compile(r"报警|报案|派出所|公安|找警察")),
    ("X6", re.compile(r"12305|邮政管理|邮管局|12366|税务局|网信办")),
    ("X5", re.compile(r"黑猫|电诉宝|聚投诉")),
    ("X2", re.compile(r"12315|一二三一五|市场监管|市监局|工商局|消费者投诉(?:热线|电话)")),
    ("X1", re.compile(r"投诉(?:平台|客服|小二|淘宝|天猫|京东|拼多多|抖音|快手|官方)|(?:平台|官方)客服.{0,6}投诉|投诉.{0,4}(?:平台|官方)客服")),
)  # fmt: skip
_ANY = re.compile(
    r"还能(?:怎么办|怎么做|咋办|做(?:点|些)?什么|找谁|去哪)|还有(?:什么|啥|没有|别的|其他|哪些)[^，,。]{0,4}(?:办法|途径|渠道|路)"
    r"|(?:别的|其他|另外的)(?:办法|途径|渠道)|(?:去|到|找)?(?:哪里|哪儿|哪|谁)(?:可以|能)?(?:投诉|告)|怎么维权|向谁投诉|往上(?:投诉|反映)"
)
_WANTS_TEXT = re.compile(
    r"(?:帮我?|替我|给我|请|要|想)[^，,。]{0,4}(?:写|起草|拟|弄|出|生成)|怎么写|模板|提纲|范文|草稿|投诉[信书稿]|举报[信书稿]|起?诉状"
)
_ASKS = re.compile(
    r"[?？]|吗|怎么|如何|咋|可以|能不能|可不可以|能|该|哪|多少|多久|有用|帮我?|替我|给我写|模板|提纲|我(?:现在|这就)?(?:要|想|打算|准备|决定)(?!是)"
)
_RETOLD = re.compile(r"(?:商家|卖家|店家|客服|他们?|对方|老板)[^，,。]{0,4}(?:说|讲|回|让我?|叫我?)")
_LETTERS = {"X2": "complaint", "X3": "report", "X8": "pleading"}
"""Steps for which there is something to write, with the kind of the draft."""


def named_way(text: str) -> str | None:
    """The step (X1..X9) that the message names; None when it names none."""
    return next((step for step, words in _NAMED if words.search(text)), None)


def asks_ways(text: str, *, asking: bool = False) -> bool:
    """Whether the message asks what else can be done, or for one of the ways. What the merchant said of them does not.

    Args:
        asking: it is known to be a question or a wish, so that naming a way is enough.
    """
    if _ANY.search(text):
        return True
    clauses = [one for one in re.split(r"[，,。；;\n]", text) if named_way(one) and not _RETOLD.search(one)]
    return any(asking or _ASKS.search(one) for one in clauses)


def wanted_letter(text: str) -> str | None:
    """The kind of draft that the message asks for: complaint, report or pleading."""
    step = named_way(text)
    return _LETTERS.get(step or "") if _WANTS_TEXT.search(text) else None


def letter_of(step: str) -> str | None:
    """The kind of draft that goes with a step."""
    return _LETTERS.get(step)

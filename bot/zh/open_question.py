"""Reading a message with the question before it: “行”, “昨天”, “299” mean what was asked about.

Pure rules over what the language part has already read. The open question is one of ``fact:<name>``,
``complaint``, ``type``, ``evidence``, ``label:<file>``, ``message_sent``, ``offer``, ``gap``, ``read_back``,
``correction``, ``proposal``, ``appeal``, ``review_reason``, ``handoff_message``; from a foreign transcript only the agent's last line is known,
and `question_in` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.zh.conditions import read_conditions
from bot.zh.moments import SHANGHAI
from bot.zh.normalise import normalise
from bot.zh.plain_answer import Wanted, free_text, read_plain
from bot.zh.proposal import answer_in, asks_about
from bot.zh.stance import tells_silence

# Which entity answers which fact, or which kind of fact.
_ANSWERS: Mapping[str, frozenset[str]] = {
    "platform": frozenset({"platform"}),
    "order_number": frozenset({"order_number"}),
    "shop": frozenset({"shop"}),
    "product": frozenset({"product"}),
    "order_stage": frozenset({"order_stage"}),
    "demand": frozenset({"remedy"}),
    "tracking_number": frozenset({"tracking_number", "order_number"}),
    "courier": frozenset({"courier"}),
    "tracking_status": frozenset({"order_stage"}),
    "merchant_stance": frozenset({"merchant_stance"}),
    "page_deadline_at": frozenset({"countdown", "date_time"}),
}
_KIND_ANSWERS: Mapping[str, frozenset[str]] = {
    "money": frozenset({"amount"}),
    "datetime": frozenset({"date_time"}),
}
_QUESTION = re.compile(r"[?？]|吗|么$|多久|怎么|什么|哪里|哪儿|为啥|为什么|能不能|可不可以|要不要|几天|谁")
_SAYS = re.compile(
    r"^(?!.{0,4}(?:没|未))(?:亲|您好|你好)?.{0,6}?(?:商家|卖家|客服|店家|店主|掌柜|他们|对方|那边|他|她)(?!问)(?:.{0,6})?"
    r"(?:说|回|讲|表示|让|叫|要|不|只|同意|答应|拒绝|没)"
)
_MERCHANT_SAYS = re.compile(
    r"(?:现在|然后|刚才|今天|昨天)?(?:商家|卖家|店家|店主|掌柜|对方)[^，,。]{0,6}?(?:说|回复|答复|讲|表示|称|辩解|举证|狡辩|咬定)"
)
_PASTED = re.compile(r"^(?:亲|亲亲|您好亲|亲爱哒|尊敬的)")
_OFFER = re.compile(
    r"(?:补偿|赔|补发|补寄|换货|维修|退款|退回|退亲|差价|优惠券|券|返现).{0,20}(?:可以吗|行吗|好吗|您看|怎么样|同意吗|接受吗|呢)"
)
# What an agent asks for in a line that is not ours; only facts whose answers are short and easily misread.
_ASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("demand", re.compile(r"(?:退货?(?:款)?还是(?:要|想)?换|(?:希望|想要?|打算)(?:怎么|如何)(?:处理|解决)|什么(?:诉求|要求)|(?:您|你)的诉求)")),
    ("amount", re.compile(r"(?:实付|付了?|花了?|订单金额|价格|金额)(?:是|了)?多少")),
)  # fmt: skip
_GIVES_UP = re.compile(
    r"(?:那|算了|唉|哎|,|就|我|也|都|还是|干脆|直接)*不(?:想)?(?:要|买)了(?:吧|啊|呀|哦|,|谢谢|算了|[。.!~ ])*"
)
# What a word or two (少了, 第一个) may be taken for when nobody tells what it answers.
_NO_MEANING = frozenset(
    {"nlu_fallback", "out_of_scope", "accept_seller_offer", "reject_seller_offer", "evidence_ready"}
)
_WISH_HEARD = frozenset({"complaint", "type", "message_sent"})  # open questions that 不要了 is no answer to
_TALK_ACTS = frozenset({"ask_human", "ask_evidence", "ask_rule_or_deadline", "ask_progress", "start_over"})
# What an account of how things were is read as, when nobody tells that it answers “哪里判错了”.
_TELLING = frozenset(
    {
        "report_dispute",
        "merchant_reply",
        "seller_unresponsive_or_rude",
        "return_exchange_request",
        "nlu_fallback",
        "out_of_scope",
    }
)
_DETAILS = frozenset({"amount", "date_time", "order_number", "tracking_number"})
_UNSEEN = re.compile(r"没(?:有)?(?:人)?[看理管问]|明明|不[看理采]")
_SURE_NOT_OURS = 0.6
_NUMBER_ALONE = re.compile(r"\d{2,5}(?:\.\d{1,2})?")
# “提交吧” “申请介入”: never the acceptance of an offer, never a file to hand in.
_SUBMITS = re.compile(
    r"(?:嗯|好的?|行|那|就|我要?|我想|直接|现在|帮我|给我|赶紧|快点?|还是|都|[,，。 ])*(?:这样)?(?:提交|申请|要|走)?(?:平台|淘宝|京东|小二|客服)*(?:介入|提交)(?:申请|处理)?(?:吧|了|啊|呗|一下|[。!！ ])*"
)
# “哦没事 都对的” after [有地方不对].
_NOTHING_WRONG = re.compile(
    r"(?:哦|噢|嗯|啊|没(?:有|事|啥|什么)?(?:不对的?|错的?|问题)?(?:儿|了|的)?|(?:都|全|就)?(?:是)?对(?:的|了)|(?:都|就)对|"
    r"不用?改了?|我?(?:刚才)?看错了|都?正确的?|无误|好的?|可以|[,，。!！~ ])+"
)
_SUBMITS_ELSEWHERE = ("appeal", "review_reason", "handoff_message")  # where something else is handed in
_SHORT = 12
_OTHER_QUESTION = re.compile(r"(?:这|那|上)个?(?:问题|题)")
_SURE_TO_START_OVER = 0.5  # closing a case on a guess would cost the buyer everything said so far
_SURE_TALK = 0.8
_SHORT_ANSWER = 40
_YES = frozenset({"affirm", "accept_seller_offer"})
_PROPOSAL_ACTS = {"accept": "accept_seller_offer", "reject": "reject_seller_offer"}
_NO = frozenset({"deny", "reject_seller_offer"})


@dataclass(frozen=True)
class Read:
    """What the language part made of a message on its own."""

    text: str
    intent: str
    confidence: float
    entities: Collection[str] = ()


def in_context(
    read: Read, asked: str | None, wanted: Wanted | None = None, now: datetime | None = None
) -> str:
    """The intent of a message, given the question that was open; the intent it had when that changes nothing.

    `wanted` is the fact that was asked for (``fact:<name>``), `now` (aware) what days are counted from.
    """
    if asked == "handoff_message":
        return "handoff_message"  # whatever is written now is for the person at the desk
    if read.intent == "start_over" and read.confidence < _SURE_TO_START_OVER:
        return "nlu_fallback"
    if read.intent == "start_over" and asked and _OTHER_QUESTION.search(read.text):
        return "dont_know"  # “这个问题不对，换一个” passes over a question, and not over the case
    if read.intent == "merchant_reply" and read_conditions(read.text).get("contacted_merchant") is False:
        return "provide_order_info"  # “还没跟商家说” speaks of the merchant, but nobody answered
    if not asked:
        return "cancel_order" if read.intent == "deny" and gives_up(read.text) else read.intent
    if asked not in _SUBMITS_ELSEWHERE and _SUBMITS.fullmatch(read.text.strip()):
        return "affirm" if asked in ("gap", "read_back") else "ask_intervention"
    if asked == "review_reason" and _is_reason(read):
        return "provide_order_info"
    if asked not in ("complaint", "type") and "merchant_stance" in read.entities and _SAYS.match(read.text):
        return "merchant_reply"
    if asked.startswith("fact:"):
        return _answer_to_fact(read, asked[5:], wanted, now or datetime.now(SHANGHAI))
    retold = read.intent == "merchant_reply" and not is_merchants_words(read.text)
    if asked == "type" and (retold or (read.intent in _NO_MEANING and _is_bare(read.text))):
        return "provide_order_info"
    if asked in _WISH_HEARD and read.intent == "deny" and gives_up(read.text):
        return "cancel_order"
    if asked == "proposal" and read.intent not in _TALK_ACTS:
        return _answer_to_proposal(read)
    if asked in ("message_sent", "offer"):
        return _about_merchant(read, asked)
    if asked in ("read_back", "gap", "evidence", "appeal") or asked.startswith("label:"):
        return _yes_or_no(read)
    return _correction(read) if asked == "correction" else read.intent


def _correction(read: Read) -> str:
    if _NOTHING_WRONG.fullmatch(read.text.strip()):
        return "affirm"
    return "provide_order_info" if read.entities and read.intent not in _TALK_ACTS else read.intent


def retells_merchant(text: str) -> bool:
    """Whether a message begins with what the merchant said."""
    return bool(_MERCHANT_SAYS.match(text.strip()))


def _is_reason(read: Read) -> bool:
    """What the decision got wrong, in whatever words; a bare 没有 says that there is nothing."""
    unseen = read.intent == "evidence_ready" and bool(_UNSEEN.search(read.text))  # “明明没看我的视频”
    return read.intent in _TELLING or unseen or (read.intent in _NO and len(read.text) > _SHORT)


def _is_bare(text: str) -> bool:
    return len(text) <= _SHORT and not _QUESTION.search(text)


def gives_up(text: str) -> bool:
    """“那我不要了”: alone a wish to be rid of the order; after an offer it refuses that."""
    return bool(_GIVES_UP.fullmatch(normalise(text).text.strip()))


def _answer_to_fact(read: Read, fact: str, wanted: Wanted | None, now: datetime) -> str:
    kind = wanted.kind if wanted else ""
    fitting = _ANSWERS.get(fact, _KIND_ANSWERS.get(kind, frozenset()))
    if len(read.text) <= _SHORT_ANSWER and fitting & set(read.entities) and not _QUESTION.search(read.text):
        return "provide_order_info"
    if read.intent == "deny" and gives_up(read.text):
        return "cancel_order"
    if _tells_detail(read) or _NUMBER_ALONE.fullmatch(read.text.strip()):
        return "provide_order_info"
    sure_talk = read.intent in _TALK_ACTS and read.confidence >= _SURE_TALK
    plain = read_plain(wanted, read.text, now) if wanted and not sure_talk else None
    if plain is not None:
        return {True: "affirm", False: "deny"}[bool(plain.value)] if kind == "bool" else "provide_order_info"
    if wanted and free_text(wanted) and _bare_name(read):
        return "provide_order_info"
    return read.intent


def _tells_detail(read: Read) -> bool:
    """Another detail of the order than the one asked for, in words that look like no business of ours or a question."""
    unsure = (
        read.intent in ("out_of_scope", "nlu_fallback", "ask_progress") and read.confidence < _SURE_NOT_OURS
    )
    return unsure and bool(_DETAILS & set(read.entities)) and not _QUESTION.search(read.text)


def _bare_name(read: Read) -> bool:
    unsure = read.confidence < 0.6 or read.intent in ("nlu_fallback", "out_of_scope", "provide_order_info")
    return len(read.text) <= 25 and unsure and not _QUESTION.search(read.text)


def _answer_to_proposal(read: Read) -> str:
    answer = answer_in(read.text)
    if answer is None and read.intent in _YES | _NO and asks_about(read.text):
        return "dont_know"  # “你觉得行不行” is no yes
    as_read = {"accept": _YES, "reject": _NO}.get(answer or "", frozenset())
    return read.intent if answer is None or read.intent in as_read else _PROPOSAL_ACTS[answer]


def _about_merchant(read: Read, asked: str) -> str:
    if read.intent in _TALK_ACTS and not _SAYS.match(read.text):
        return read.intent
    if asked == "offer" and len(read.text) <= _SHORT and read.intent in _YES | _NO:
        return "accept_seller_offer" if read.intent in _YES else "reject_seller_offer"
    if read.intent in (
        "accept_seller_offer",
        "reject_seller_offer",
        "ask_intervention",
        "ask_human",
        "start_over",
    ):
        return read.intent
    retold = is_merchants_words(read.text)
    no_answer = read.intent == "seller_unresponsive_or_rude" and tells_silence(read.text)
    if retold or "merchant_stance" in read.entities or no_answer:
        return "merchant_reply"
    return read.intent


def is_merchants_words(text: str) -> bool:
    """Whether the words say themselves that they are the merchant's: retold (商家说…) or pasted (亲，…)."""
    return bool(_SAYS.match(text) or _PASTED.match(text))


def _yes_or_no(read: Read) -> str:
    if len(read.text) > _SHORT:
        return read.intent
    if read.intent in _YES:
        return "affirm"
    return "deny" if read.intent in _NO else read.intent


def question_in(line: str | None) -> str | None:
    """The open question in an agent's last line, for transcripts that are not ours: an offer, a fact, or None."""
    if not line:
        return None
    for fact, asks in _ASKS:
        if asks.search(line):
            return f"fact:{fact}"
    return "offer" if _OFFER.search(line) else None

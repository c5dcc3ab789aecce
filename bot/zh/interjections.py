"""What a buyer says between the questions and whatever the question was: write it for me, what now, is that offer
fair, shall I pay. Read by its words alone; whether it fits is for the caller to say, who knows the case.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.zh.normalise import normalise

Interjection = Literal[
    "paid_a_fraud",
    "asks_whether_to_pay",
    "wants_draft",
    "asks_what_now",
    "asks_of_offer",
    "auto_confirm",
    "worries",
]

_LONGEST = 24  # characters: longer ones tell something, and are read as what they tell
_END = r"(?:[啊呀呢吧呗嘛哦了的,。.!?~\s])*"
_START = (
    r"(?:那|我|你|您|嗯|好的?|唉|哎|亲|现在|请问|这|这个|这样|到底|可以|能|能不能|直接|先|就|[,。.!?~\s])*"
)
_WRITE = r"(?:写|拟|编|起草|组织|整理?|出|想)"
_TEXT = r"(?:[几一]?[个下段份篇条句]|[几一]下|好)*(?:给|发给|跟|和)?(?:商家|卖家|客服|店家|他们?|她|对方|平台)?(?:的|说的)?(?:话术?|说辞|文案|消息|信息|留言|回复|文字|内容|稿子?|东西)?"
_HIM = r"(?:商家|卖家|客服|店家|店主|老板|对方|人家|他们?|她)"
# (what, whole short message). The first that matches counts.
_WHOLE: tuple[tuple[Interjection, re.Pattern[str]], ...] = (
    (
        "asks_whether_to_pay",
        re.compile(
            rf"{_START}(?:要不要|该不该|要|该|得|敢|用)?(?:不)?(?:要|该|能|可以)?(?:再)?(?:给|交|转|付|打|汇|充|发|扫|告诉|提供)(?:给|钱|账|过去|他|她|那|这|个|\d+|块|元|码|验证码)*"
            rf"(?:吗|么|不|啊|呢|\?)+{_END}"
        ),
    ),
    (
        "paid_a_fraud",
        re.compile(
            rf"{_START}(?:已经|刚刚?|都|全)*(?:发|给|交|转|付|打|汇|扫|告诉|说|填|输)(?:了|过了|完了?)?(?:给|过去|出去)?(?:了|{_HIM})*(?:了|过去了?|钱|\d+|块|元|验证码|密码|码)*{_END}"
            r"|.{0,10}(?:卡|账户|账号|余额|钱|银行|支付宝|微信)(?:里|上|里面)?(?:的钱)?(?:少了?|没了|不见了|被(?:转|扣|刷|盗)).{0,10}|.{0,6}被(?:骗|盗刷|转走).{0,10}"
        ),
    ),
    (
        "wants_draft",
        re.compile(
            rf"{_START}(?:帮|给|替|麻烦|请)(?:我|忙|你|您|下|一下|直接)*{_WRITE}{_TEXT}(?:发给|回给?|给|回复){{0,1}}{_HIM}?{_END}|{_START}{_WRITE}(?:[几一][个下段份篇条句]|吧|呗){_TEXT}{_END}"
            rf"|{_START}(?:给|要|来|有没有|发)(?:我)?(?:[几一]?[个段份篇条句])?(?:话术|说辞|文案|模板){_END}"
            rf"|{_START}(?:麻烦)?把?(?:你的?|刚才的?|那个|(?:要|该)?(?:发给?|跟|和){_HIM}说?的)?(?:话术|话|说辞|文案|模板|那段(?:话|文字))(?:再)?(?:发|给|贴|写)(?:给|一?下|一遍)?我?(?:一下|看看)?{_END}"
            rf"|{_START}(?:要|该|应该|得)?(?:怎么|咋|如何|怎样)(?:去|来)?(?:跟|和|对|同|回|回复|答复|反驳|怼){_HIM}?(?:说|讲|谈|沟通|交涉|回|回复)?{_END}"
        ),
    ),
    (
        "asks_what_now",
        re.compile(
            rf"{_START}(?:该|要|应该|得)?(?:怎么办|咋办|怎么弄|咋弄|怎么整|咋整|怎么搞|怎么处理|如何是好){_END}"
            rf"|{_START}(?:然后|接下来|接着|下一步|后面|之后|再然后)(?:呢|该|要|应该|我|怎么|咋|做|办|干|走|什么|啥|嘛)*{_END}|{_START}(?:该|要|应该)(?:做|干)(?:什么|啥|点啥|些什么){_END}"
        ),
    ),
    (
        "asks_of_offer",
        re.compile(
            rf"{_START}(?:觉得|看|说|认为)(?:这个?|这样|方案)?(?:行不行|行吗|可以吗|可不可以|合适吗|合不合适|合理吗|合不合理|划算吗|划不划算|怎么样|咋样|值不值|亏不亏|能接受吗|该接受吗|要不要接受){_END}"
            rf"|{_START}(?:觉得)?我?(?:值得|值不值得|该不该|要不要|应该|应不应该|该|能不能|可不可以)(?:接受|同意|答应|要){_END}(?:吗|么|不){_END}"
            rf"|{_START}(?:值得|值不值得|该不该|要不要|应不应该)(?:接受|同意|答应){_END}"
        ),
    ),
    (
        "auto_confirm",
        re.compile(
            rf"{_START}(?:.{{0,10}}(?:没|未)[^,。]{{0,3}}确认(?:收货)?[,。\s]*)?(?:(?:再过|还有|还剩|过)?[一两二三四五六七几半\d]+(?:天|个?小时)(?:后|就)?[,。\s]*|(?:快要?|就要?|马上|明天|后天|今晚|会不会|会|怕)[,。\s]*)+"
            rf"(?:要|就|会|给我|它|系统)*自动(?:确认收货|确认|收货)(?:了|的|吗|啊|怎么办|咋办|咋整|能延长吗|[?])*{_END}"
        ),
    ),
    (
        "worries",
        re.compile(
            rf"{_START}(?:会不会|是不是)(?:我)?(?:的)?(?:钱)?(?:就)?(?:没了|拿不回来?|退不回来?|要不回来?|打水漂|白花|白买|没戏|没希望){_END}"
            rf"|{_START}(?:我)?(?:的)?钱(?:还)?(?:拿|要|退|能拿|能要|能退)(?:得)?回来?(?:吗|么|不|\?){_END}|{_START}(?:有没有|还有|有)(?:希望|戏|可能|胜算)(?:吗|么)?{_END}"
            rf"|{_START}(?:要不要紧|严不严重|能赢吗|赢不赢得了|赢面大吗|能成吗){_END}|{_START}要不要紧{_END}会不会.{{0,8}}(?:没了|退不了|白花){_END}"
        ),
    ),
)  # fmt: skip


def read_interjection(text: str) -> tuple[Interjection, ...]:
    """What a message may be between the questions, the likeliest first; nothing for one that tells more than that."""
    plain = normalise(text).text.strip()
    if not plain or len(plain) > _LONGEST:
        return ()
    return tuple(what for what, whole in _WHOLE if whole.fullmatch(plain))


def asks_to_pay(text: str) -> bool:
    """Whether a message asks if money or a code should be given (要不要交啊)."""
    return "asks_whether_to_pay" in read_interjection(text)

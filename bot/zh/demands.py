"""Whether a remedy that is named (退货, 赔偿) is what the buyer asks for, by the words round it.

退货 stands in most complaints: as a wish (我要退货), as what the merchant refuses (不给退货: still the wish), as what has
been applied for (申请了退货), in a question of rules (退货要运费吗), in the merchant's mouth (让我退货).
"""

from __future__ import annotations

import re

_BREAK = re.compile(r"[,。.!?;:~…、\s]|但是|可是|结果|不过|然后|而且")
# Words that hold a term without meaning it: 退款 in 退款政策, 维修 in 维修进度, 保修 in 保修卡.
_OTHER_WORD = re.compile(
    r"运费险|保修卡|保修[期费]|退[货款]率|[退换]货地址|包退换|[维返]修(?:进度|点|站|店|员|师|人员|电话|费|单)"
    r"|不退不换|退[货款](?:政策|规则|流程|单|金额|方式|进度|原因|成功|失败|完成|中|时间)|保价期|价保期|更换服务"
)
# What is changed is not the goods: 换手机号, 更换地址.
_NOT_GOODS = re.compile(
    r"(?:一?[个下]|一下)?(?:[^,。\s]{0,5}的)?(?:手机号|号码?|地址|账[户号]|密码|发票|抬头|绑定|系统|电话|快递|方式|时间)"
)
_ALONE_BEFORE = re.compile(r"(?:那|就|直接|赶紧|马上|立刻|快点?|必须|一定|全部|全额|都|我|亲|申请|请|现在)*")
_ALONE_AFTER = re.compile(r"(?:吧|啊|呀|了|呢|哦|嘛|哈|啦|给我|谢谢)*")
_OTHERS = re.compile(
    r"(?:商家|卖家|客服|店家|对方|他们?|店铺|平台|京东|老板|快递)(?:(?!我[要想只])[^,。]){0,8}"
    r"(?:让我?|叫我?|要我|说|只肯|只愿|要求|承诺|答应|保证|通知|建议)(?:(?!我[要想只])[^,。]){0,5}$"
)
_WISH = re.compile(
    r"(?:(?<![只不主重没])要(?!是|不是|么|多久|钱|收|等)|(?<![不没感怎想])想(?!想|问|知道|咨询|查|了解|着|到|必|不)|帮我?|给我|让我|麻烦"
    r"|(?<!申)请(?!问)|希望|需要|必须|赶紧|(?:马上|立刻|尽快)(?!就)|快点|直接|坚持|打算|准备|决定|应该|只要|求)[^,。?]{0,6}$"
)
_ASKED = re.compile(r"(?:(?<![才只不])能|(?<!不)可以|可否|能否|是否|可不可以|能不能)(?!理解|看)[^,。?]{0,4}$")
_HOW = re.compile(
    r"(?:怎么|如何|咋)(?:才能|去|申请|办理|操作)?$"
)  # of what is due (怎么赔) it asks for a rule
_QUESTION = re.compile(r"吗|么|不$|\?|呢|吧")
_CHOICE = re.compile(r"(?:能不能|可不可以|能否|可否|是否可以)[^,。?]{0,4}$")
_APPLIED = re.compile(r"(?:申请|提交|发起)(?:了|一?下|的|过|售后)*$")
_APPLIED_BEFORE = re.compile(
    r"都|已|提交|刚|之前|前[天几]|昨|今|[天时日号月次]\]?$|早就|后来|本来|时候|上午|下午|晚上|那天|[了过的不]$"
)
_END = re.compile(r"[吧呀啊哦呢]?[,。.!;:~…、\s]?")
_APPLIED_AFTER = re.compile(
    r"(?:了|过|还|好长|好久|很久|一直|被|都|也|的|审核|成功|失败|通过|没|半天|多久|几天|\S{0,3}天)"
)
# The merchant's will stands against it, so it was asked for. 不能, 不支持 and 无法 are rules, not answers.
_REFUSED = re.compile(
    r"(?:不(?:肯|愿意?|同意|答应|给|让)|拒绝|拒不|死活不)(?:给?我|你|我们|再|申请|办理?|处理|进行)*$"
)
_OWED = re.compile(r"(?:没有?|(?<![能可要肯会])不|未)(?:给|有|再|及时|人)*我?$")
_OWED_KINDS = frozenset({"compensation", "reship", "price_difference", "apology"})
_SENT_BACK = frozenset({"return_refund", "exchange", "repair"})
_DECLINED = re.compile(
    r"(?:(?<![能可要肯])不|拒绝|没|未|别|无法|懒得|犯不上|免得)(?:想|要|让|给|能|肯|同意|支持|可以|允许|予|办法|会|用|申请|售后|接受|提到|再)*"
    r"(?:我|你)?(?:申请)?(?:售后)?(?:去)?$"
)
_GIVEN_UP = re.compile(r"本来|原本|本想|懒得")
# 退款 alone leaves open whether the goods go back.
_OPEN = ("退款", "退钱", "全退", "退换货", "退换", "差价", "退")


def read_demand(text: str, start: int, end: int, kind: str) -> str | None:
    """The certainty with which the remedy at `start:end` of a normalised text is demanded; None if it is not.

    `kind` is the remedy's code. "check" means: read it back before using it.
    """
    left, right = _bounds(text, start, end)
    before, after = text[left:start], text[end:right]
    if _is_other_word(text, start, end, after, kind) or _OTHERS.search(text[max(0, left - 12) : start]):
        return None
    if _REFUSED.search(before) or (kind in _OWED_KINDS and _OWED.search(before)):
        return "check"
    if _DECLINED.search(before) or _GIVEN_UP.search(before):
        return None
    if applied := _APPLIED.search(before):
        new = _is_new(before[: applied.start()], applied.group(), text[end : right + 1], kind)
        return _certainty(text, start, end) if new else None
    alone = _ALONE_BEFORE.fullmatch(before) and _ALONE_AFTER.fullmatch(after)
    asked = kind != "invoice" and _is_asked(before, text[end : right + 1])
    how = kind in _SENT_BACK and _HOW.search(before)
    if not (alone or how or _WISH.search(before) or asked):
        return None
    return _certainty(text, start, end)


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause round `start:end`."""
    left = 0
    for match in _BREAK.finditer(text, max(0, start - 40), start):
        left = match.end()
    ending = _BREAK.search(text, end, end + 40)
    return max(left, start - 40), ending.start() if ending else min(len(text), end + 40)


def _is_other_word(text: str, start: int, end: int, after: str, kind: str) -> bool:
    for match in _OTHER_WORD.finditer(text, max(0, start - 3), end + 3):
        if match.start() < end and start < match.end():
            return True
    return kind == "exchange" and bool(_NOT_GOODS.match(after))


def _is_new(before: str, applied: str, after: str, kind: str) -> bool:
    """Whether an application is still the wish: 我申请退货, 申请价保; not 已经申请退货了, 申请换货还拖着."""
    if applied[2:3] in ("了", "过"):
        return False
    if _WISH.search(before) or _is_asked(before, after):
        return True
    if _ASKED.search(before):
        return False
    if kind in _OWED_KINDS:
        return not _APPLIED_AFTER.match(after)
    return not _APPLIED_BEFORE.search(before) and _END.fullmatch(after) is not None


def _is_asked(before: str, after: str) -> bool:
    """能退货吗, 可以赔付么; 可以退款 states what somebody offers."""
    return bool(_CHOICE.search(before) or (_ASKED.search(before) and _QUESTION.search(after)))


def _certainty(text: str, start: int, end: int) -> str:
    return "check" if text[start:end] in _OPEN else "exact"

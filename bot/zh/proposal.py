"""The platform's proposal (调解方案) as the buyer tells it: “小二打电话来，建议商家退我80”.

What the merchant offers, what the platform only explains or is asked to do, and a refusal it passes on are no proposal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.zh.normalise import normalise
from bot.zh.platform_voice import SELLER, clauses_of, platform_speaks, seller_speaks, told_of_others

Answer = Literal["accept", "reject"]


@dataclass(frozen=True)
class Proposal:
    """`words` = the clauses that hold it, as told; `named` = it was said that it is the platform's."""

    words: str
    named: bool = True


_GIVES = (
    r"(?:(?:退|赔|补|返|给|补偿|赔偿|出|减)(?:还|偿|给)?(?:您|你|我|买家)?(?:个)?(?:差价|货款|运费|款|钱)?[^,]{0,3}?(?:\d|[一二两三四五六七八九十百千]+(?:块|元|百|十|成)|一半|半|部分|点(?!击)|全款|全额|运费|红包|优惠?券|[一二三四五六七八九]折)"
    r"|(?:全额?|部分|仅)退款?|退货退款|退货|退款|退一半|换货|换新|换一[个件双台]|补发|重发|补寄|维修|返修|打[一二三四五六七八九\d]折|折价|各(?:退一步|承担|出|担)|(?:一人|各|对半)(?:一半|出)|(?:\d+|一半|半价)(?:块|元)?(?:行不行|可不可以|可以吗|行吗|要不要))"
)
_OFFER = re.compile(_GIVES)
_PUTS = r"(?:说|讲(?!道理|理)|建议|提议|提出|提了?|给(?:出|了)|让|叫|要求|要(?=商家|卖家|店家)|劝|问我?|想让|的意思|方案|表示|答复|通知|调解|协调|商量|打(?:了个?|来)?电话|来电话?|联系我)"
_MEDIATES = re.compile(_PUTS)
# “客服让商家退我80”: only the platform tells the merchant what to do.
_SERVICE = re.compile(
    rf"客服[^,]{{0,8}}?(?:让|叫|要求|建议|劝|协调)(?:了)?{SELLER}|(?:调解|协调)(?:的)?(?:方案|结果|下来|说)|(?:平台|小二|官方|客服)[^,]{{0,6}}?(?:的)?方案"
)
_TO_SELLER = re.compile(rf"(?:建议|让|叫|要求|劝|要){SELLER}")
_NO_OFFER = re.compile(
    rf"(?:不|没|没有|拒绝|不肯|不愿|不会|不能|未)(?:同意|答应|愿意|肯|给|支持|予|想)?(?:给)?(?:我)?(?:退款?(?!货)|赔|补(?!充)|换)(?!不)|(?:{SELLER})[^,]{{0,3}}?(?:不同意|拒绝|不肯|不愿|没同意|不答应|已经|已|同意了)"
    r"|帮我|帮您|替我|给我?申请|去申请|申请(?:退|售后|介入)|等(?!于)|催|尽快|(?:已经?|都)(?:退|赔|补|换)|会(?:处理|联系|跟进|核实|反馈|让|叫)|规则|规定|按规|七天|7天|流程|步骤|怎么(?:退|申请)|才(?:能|可以)?(?:退|赔|换)|先(?:退货|申请|点|上传|提交|拍|发|交|补)"
    r"|补(?:充|交|传|一下|个|些)?(?:证据|材料|凭证|截图|照片|视频)|退款(?:成功|中|进度|单|申请|原因|类型|编号|理由)|退货(?:单号|地址|物流)|判|裁"
)
_WISHED = re.compile(
    rf"(?:能不能|可不可以|会不会|能否|可否)[^,]{{0,6}}(?:平台|小二|官方)|(?:能不能|可不可以|会不会|能否|可否|会|能|可以|可能|怎么|如何|怎样)(?:直接|帮我|再)?(?:让|叫|要求|劝|建议)|(?:希望|想(?!让我)|要是|如果|假如|万一|最好|求|麻烦|我(?:要|想)(?:让|叫|求)?)[^,]{{0,8}}?(?:平台|小二|官方|客服|{SELLER})"
)
_OWN = re.compile(
    r"^(?:那|可|可是|但是?|不过|所以|反正)*(?:我(?!们商量)|你(?:觉得|说|看)|这(?:样|个)|该不该|划算|值不值)"
)
_GOES_ON = re.compile(
    r"^(?:他|她|然后|再|还|并且|另外|说|让|叫|建议|要求|提议|意思|就是|商家|卖家|货|商品|东西|耳机|鞋|衣服|不用|不要|不退|退|补|赔|给|留|我(?:自己)?(?:留|退货|寄|把)|鞋子)"
)
_NO_SUBJECT = re.compile(
    r"^(?:又说|现在说|说(?!好|了|过|实|真|明|不定|白|到|起)|意思是|让(?!我)|叫(?!我|人)|建议|提议|改成)"
)
_LONGEST = 200

_ASKS = re.compile(
    r"[?]|吗|行不行|可不可以|要不要|该不该|好不好|怎么样|咋样|划算|值不值|合理|能不能|接受么|还是"
)
_REJECTS = re.compile(
    r"^(?:(?:但是?|可是?|不过|那|所以|反正|可|我|肯定|坚决|当然|都|就|才|还是|也|觉得|真的|实在|完全|根本|是)*)(?:不(?:接受|同意|答应|愿意?|想要|乐意|行|可以|干|认可?|满意|考虑|要(?!退|换)|能接受)|没(?:有)?(?:同意|答应|接受)|拒绝|不可能|太少|太低|要全|要求?全|还?是?要(?:全|退货退款|全额)|只(?:要|接受|同意))"
)
_ACCEPTS = re.compile(
    r"^(?:(?:那|我|就|也|都|觉得|可以|已经|这个|这样|算了|行吧|好吧|勉强|先)*)(?:接受(?!不)|同意(?!不)|答应(?:了)?|认了|可以(?:接受)?(?:的|了|吧)?$|行(?:吧|啊|的)?$|能接受|没意见|就这样)"
)


def read_proposal(text: str, *, open_already: bool = False) -> Proposal | None:
    """The proposal that a message tells of; None when it tells of none.

    Args:
        open_already: a proposal waits for the buyer's word, so that “又说补我60” is about it without naming anybody.
    """
    plain = normalise(text).text.strip()
    if told_of_others(plain) or len(plain) > _LONGEST:
        return None
    clauses = clauses_of(plain)
    named = _of_the_platform(clauses)
    if named:
        return Proposal("，".join(named))
    loose = _nobodys(clauses)
    return Proposal("，".join(loose), named=open_already) if loose else None


def _of_the_platform(clauses: list[str]) -> list[str]:
    """The clauses from where the platform begins to speak to where it stops, if there is an offer among them."""
    kept: list[str] = []
    offered = mediates = speaking = False
    for clause in clauses:
        if seller_speaks(clause):
            speaking = False
            continue
        begins = (platform_speaks(clause) and bool(_MEDIATES.search(clause))) or bool(_SERVICE.search(clause))
        if not (begins or (speaking and _goes_on(clause))):
            speaking = speaking and not (_OWN.search(clause) or answer_in(clause))
            continue
        if _WISHED.search(clause):
            return []
        speaking, mediates = True, mediates or bool(_MEDIATES.search(clause))
        if _NO_OFFER.search(clause):
            continue
        offered = (
            offered
            or bool(_OFFER.search(clause))
            or bool(_TO_SELLER.search(clause) and _ANY_SUM.search(clause))
        )
        kept.append(clause)
    return kept if offered and mediates else []


_ANY_SUM = re.compile(r"\d|一半")


def _goes_on(clause: str) -> bool:
    return (
        answer_in(clause) is None
        and (bool(_GOES_ON.search(clause)) or not _OWN.search(clause))
        and bool(_OFFER.search(clause) or _KEEPS.search(clause))
    )


_KEEPS = re.compile(r"留(?:着|下|给我)|归我|不用(?:退|寄)|不(?:要|用)退货|自己(?:留|用)|方案")


def _nobodys(clauses: list[str]) -> list[str]:
    """“说不要退货 补我40”: nobody is named."""
    if not clauses or not _NO_SUBJECT.match(clauses[0]) or _WISHED.search(clauses[0]):
        return []
    kept = [one for one in clauses if _OFFER.search(one) or _KEEPS.search(one)]
    kept = [
        one
        for one in kept
        if not (_NO_OFFER.search(one) and not _KEEPS.search(one)) and not seller_speaks(one)
    ]
    return kept if any(_OFFER.search(one) for one in kept) else []


def asks_about(text: str) -> bool:
    """Whether a message asks what to make of a proposal: “行不行”, “你觉得划算吗”."""
    return bool(_ASKS.search(normalise(text).text))


def answer_in(text: str) -> Answer | None:
    """The buyer's own yes or no to a proposal, in any clause of a message; a question is neither."""
    found: Answer | None = None
    for clause in clauses_of(normalise(text).text.strip()):
        if _ASKS.search(clause) or platform_speaks(clause) or seller_speaks(clause):
            continue
        if _REJECTS.search(clause):
            return "reject"
        if _ACCEPTS.search(clause):
            found = "accept"
    return found

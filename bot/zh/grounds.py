"""What an account says of the grounds of a claim: food gone bad, what page or merchant said of the goods.

Read are statements of the buyer, clause by clause. A question, a supposition, a denial or the merchant's view of it
states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.zh.normalise import normalise
from bot.zh.numerals import read_number

# Spaces stand for commas where Chinese stands before them: 收到就过期了 能赔多少.
_CLAUSES = re.compile(r"[,。!;\n]|(?<=[?])|(?<=[\u4e00-\u9fff])\s+")
_ASKS_OR_SUPPOSES = re.compile(
    r"\?|[吗么]$|能不能|可不可以|是不是|有没有|算不算|会不会|怎么|如果|要是|万一|假如|假设|倘若|的话|好像|可能|疑似|怀疑|应该|估计|感觉|像是|似乎|是否|说不定|以为|担心|生怕|别是"
)
_THEIR_VIEW = re.compile(
    r"(?:商家|卖家|店家|店铺|客服|他们|对方|老板|平台|别人|网上|评论)[^,。]{0,4}(?:说|讲|称|认为|觉得|回复?)"
)

_CREATURES = r"(?:活|死|小|白|黑)*(?:虫|蛆|蟑螂|苍蝇|蚂蚁|飞蛾|头发|毛发|异物|铁丝|钢丝|铁屑|玻璃|塑料|石子|沙子|线头|指甲|蚊子|老鼠)"
_BAD_FOOD = re.compile(
    r"过期(?!不|作废|未|没|前|之前|时间|还有|的?(?:券|红包|链接|订单))|(?:超过?|过了?)了?(?:保质期|有效期)|保质期[^,。]{0,4}(?<!没)(?<!还没)过了?"
    r"|变质|发霉|长毛|霉[了斑点变烂]|馊|酸败|哈喇|腐(?:烂|败)|(?:生|长|爬)(?:了|满|着|出|都是)*(?:虫|蛆)"
    rf"|(?:有|吃出|吃到|喝出|喝到|发现|夹着|混着|掉出|掺着|爬出|都是)(?:了|一|只|条|根|个|块|很多|好多|好几|几|里面|的|\s)*{_CREATURES}"
    r"|三无(?:产品|食品)|(?:没|无)(?:有)?(?:印|写|标|任何|中文)*(?:生产日期|保质期|中文标签|标签)|胀[袋包气罐]|鼓包"
)
_MISSING_LABEL = re.compile(r"三无|^[没无]")  # may be no more than a label
_NOT_SO = re.compile(
    r"(?:没有?|未|不是?|不算|不会|快要?|临近|差点|差\w{1,2}天|即将|将要?|将近|要|会|怕|防止|避免|离|距离?)(?:有|就|了|是|算)?$"
)
# What else can be over: coupons, entrances, warranties.
_OTHER_THINGS = re.compile(
    r"(?:券|红包|会员|活动|链接|售后|保修|质保|申请|时间|时限|期限|截止|倒计时|卡|积分|验证码|退款|入口|页面|二维码|订单|优惠|权益|放(?:到|了|久|得|着)*)[^,。]{0,4}$"
)

_WHO_SAID = r"(?:页面|详情页?|标题|网页|主图|图片|商品页|链接|宣传|广告|直播间?|主播|店里|店铺|首页|包装上?|吊牌|商家|卖家|店家|客服|老板|他们?家?|他|她|上面|当时)"
_SAID = r"(?:写|标|印|挂|承诺|保证|宣传|宣称|声称|号称|注明|打着|说|讲|有)(?:明|了|着|的|好|过|是|都是|得)*"
_GENUINE = r"(?:正品|专柜|正版|官方|授权|原装|原厂|假一[赔罚]|保真)"
_CLAIMS_GENUINE = re.compile(
    rf"(?:{_WHO_SAID}[^,。!?]{{0,8}}{_SAID}|(?:承诺|保证|写着|写的|宣传)(?:是|的|了)*)[^,。!?]{{0,8}}{_GENUINE}"
)
_CONTRADICTED = re.compile(
    rf"{_WHO_SAID}[^,。!?]{{0,8}}{_SAID}(?P<words>[^。!?]{{1,20}}?)(?:实际|结果|其实|到手|收到|一看|一查|一测|根本|并不|却|哪知)"
)
# 卖家说会给我退，结果…: a promise to act, made after the sale.
_TO_ACT = re.compile(r"[退换赔补修发送寄查等催]|处理|回复|联系|解决|安排|同意|答应|[分小]时|[今明后]天|\d天")
_PROMISED = re.compile(
    rf"(?:{_WHO_SAID}[^。!?]{{0,8}}{_SAID}|(?:承诺|保证|写着|写的|标着|打着|说好)的?)[^。!?]{{0,12}}假一[赔罚](?P<times>[一二三四五六七八九十百\d]{{1,3}})(?!是假|不|没)"
)
_UNSAID = re.compile(r"没|不(?:给|肯|写|标|承认|保证|认)|是否|有没有")
_ASKED_IF_SO = re.compile(r"^的?(?:是?真的|是?有用的?|算数|有效)?(?:吗|么|\?)")


def read_grounds(text: str) -> Mapping[str, bool | int | str]:
    """What the message states: `bad_food`, `claims_genuine`, `false_statement` (True), `only_label` (False: it is more than
    words on a label), `promise_times` (a number) and `promise` (what was said of the goods and is untrue)."""
    plain = normalise(text).text.strip()
    found: dict[str, bool | int | str] = {}
    for clause in _CLAUSES.split(plain):
        if _ASKS_OR_SUPPOSES.search(clause):
            continue
        bad = None if _THEIR_VIEW.search(clause) else _bad_food(clause)
        if bad is not None:
            found["bad_food"] = True
            found |= {} if _MISSING_LABEL.search(bad) else {"only_label": False}
        said = _CLAIMS_GENUINE.search(clause)
        if said and not _UNSAID.search(said.group()):
            found["claims_genuine"] = True
    if contradicted := _contradicted(plain):
        found["false_statement"] = True
        if words := _of_goods(contradicted):
            found["promise"] = words
    times = _times(plain)
    return found if times is None else {**found, "promise_times": times}


def said_of_goods(text: str) -> tuple[str, str] | None:
    """What page or merchant said of the goods before the sale and is told to be untrue (卖家说|99新|结果有霉), with all the
    words that tell it; None where nothing is."""
    found = _contradicted(normalise(text).text.strip())
    words = _of_goods(found) if found else None
    return (words, found.group()) if found and words else None


def _of_goods(contradicted: re.Match[str]) -> str | None:
    """The words that were said, where they are of the goods and promise no act."""
    words = re.split(r"[\s,]", contradicted["words"].strip(" ,、:的是“”\"'"))[0]
    return words if len(words) > 1 and not _TO_ACT.search(words) else None


def _contradicted(plain: str) -> re.Match[str] | None:
    """A statement of page or merchant with the word that it turned out otherwise."""
    found = _CONTRADICTED.search(plain)
    asked = found is not None and _ASKS_OR_SUPPOSES.search(found.group())
    return None if found is None or asked or _UNSAID.search(found.group()) else found


def _bad_food(clause: str) -> str | None:
    """The first mention that is neither denied nor about something else."""
    for match in _BAD_FOOD.finditer(clause):
        before = clause[: match.start()]
        other = match.group().startswith(("过期", "过了", "超")) and _OTHER_THINGS.search(before)
        if not _NOT_SO.search(before) and not other:
            return match.group()
    return None


def _times(plain: str) -> int | None:
    """How many times the price a page or the merchant promised for a fake (假一赔十)."""
    for match in _PROMISED.finditer(plain):
        sentence = re.split(r"[。!?\n]", plain[: match.end()])[-1]
        asked = _ASKS_OR_SUPPOSES.search(sentence) or _ASKED_IF_SO.search(plain[match.end() :])
        number = read_number(match["times"])
        if not asked and not _UNSAID.search(sentence) and number is not None and number == int(number):
            return int(number)
    return None

"""Signs that talk about refunds must stop for: fraud, self-harm, danger, and requests to fabricate evidence.

Sources: domain rules SF-01 to SF-12 (fraud patterns from police leaflets; fabrication from 实施条例 49(2)).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.zh.normalise import normalise

FRAUD, SELF_HARM, DANGER, THREAT, FABRICATION = "fraud", "self_harm", "danger", "threat", "fabrication"


@dataclass(frozen=True)
class SafetySign:
    """`kind` is the family, `sign` the pattern that fired, `start`/`end` its place in the original text."""

    kind: str
    sign: str
    cue: str
    start: int
    end: int


# (kind, sign, pattern on normalised text)
_SIGNS: tuple[tuple[str, str, str], ...] = (
    (FRAUD, "double_compensation", r"(?:双倍|三倍|2倍|3倍|十倍|加倍)(?:赔偿|赔付|理赔|退款|退还|赔)(?=.{0,20}(?:微信|链接|转|扫|会议|下载|客服|电话|加))|(?:客服|自称|打电话|来电).{0,20}(?:双倍|三倍|2倍|3倍)(?:赔|退|理赔)"),
    (FRAUD, "membership", r"百万(?:保障|保险|医疗)|(?:误开|开通了|取消|关闭)[^,。]{0,6}(?:会员|代理|直播(?:权限|服务)|保障|白条|花呗|金条)[^,。]{0,10}(?:扣|关闭|每[月年])|不(?:关闭|取消)就(?:会)?(?:每月)?扣"),
    (FRAUD, "screen_sharing", r"(?:屏幕|桌面)共享|共享(?:屏幕|桌面)|(?:下载|安装|打开|进入)[^,。]{0,8}(?:会议|远程|todesk|向日葵|飞书|zoom|teams)(?:app|软件|控制)?|远程(?:控制|操作|协助)(?:我)?(?:的)?(?:手机|电脑)?"),
    (FRAUD, "unfreeze", r"解冻(?:费|金|账户)?|保证金|(?:账户|账号|资金|卡)(?:被)?冻结|认证金|激活(?:费|金)|刷流水|走流水|银行流水"),
    (FRAUD, "verification_code", r"(?:给|发|告诉|报|提供|要|说|念|输入|填)[^,。]{0,8}(?:验证码|短信码|动态码|支付密码|银行卡密码|cvv)|(?:验证码|支付密码|银行卡密码)[^,。]{0,6}(?:给|发|告诉|报|提供|说)"),
    (FRAUD, "pay_first", r"先(?:转|打|交|付|充|垫付?|汇)[^,。]{0,10}(?:再退|才能?退|验证|退给|返还|一起退|钱)|(?:垫付|转账)[^,。]{0,8}(?:再退|验证|返还)|(?:转|打)(?:钱|款|账)?到[^,。]{0,6}(?:安全账户|指定账户|对公账户)|安全账户"),
    (FRAUD, "off_platform_payment", r"(?:加|添加)(?:我|了|个|他|她|对方|一下)?(?:的)?(?:微信|qq|企业微信|钉钉)[^,。]{0,12}(?:退|赔|转|理赔|付|钱)|(?:微信|支付宝|qq)(?:上)?(?:直接|私下)?(?:转账|转钱|收款码)|扫(?:码|二维码)[^,。]{0,8}(?:退|赔|付|转)|私下(?:转账|交易|付款)"),
    (FRAUD, "phishing_link", r"(?:短信|发来|发了|点了?|点击|打开)[^,。]{0,6}(?:链接|网址|网站)[^,。]{0,14}(?:填|输|退款|理赔|银行卡|验证|密码)|链接[^,。]{0,8}(?:填|输)[^,。]{0,6}(?:银行卡|卡号|密码|身份证)"),
    (FRAUD, "credit_record", r"影响(?:我的?|你的?|您的?)?(?:个人)?征信|征信(?:受|有|会|影响|记录|问题)"),
    (FRAUD, "loan", r"(?:让|叫|要|引导|教)我?[^,。]{0,8}(?:贷款|借呗|网贷|借款|借钱|备用金)|备用金"),
    (FRAUD, "task_order", r"刷单(?:返|赚|兼职|任务|做)|做任务返|垫资|返佣金"),
    (SELF_HARM, "self_harm", r"不想活|活不下去|活着(?:没|有什么)意?思?|想(?:去)?死(?!机|你|我了|人|磕)(?:了|算了|的心)?|自杀|轻生|跳楼|割腕|寻死|死给(?:你|他)|结束(?:自己的?)?生命|喝农药|了结自己|一了百了|遗书"),
    (DANGER, "electric_or_fire", r"漏电|触电|电(?:到|了)(?:我|人|手)|起火|着火|自燃|爆炸|炸了|炸裂|冒烟|冒火|烧起来|短路|爆燃|煤气泄漏|燃气泄漏"),
    (DANGER, "poison_or_injury", r"中毒|上吐下泻|呕吐|拉肚子|住院|送医|急诊|烫伤|烧伤|划伤|割伤|砸伤|受伤|流血|骨折|呼吸困难|过敏(?:性休克|住院|严重)|休克|窒息|噎|误食|腹泻|食物中毒"),
    (THREAT, "threat", r"(?:商家|卖家|店家|老板|他|对方|客服)[^,。]{0,10}(?:威胁|恐吓|上门|堵|找人|弄死|打我|砍|报复|人肉)|上门(?:找|闹|骚扰|打)|威胁(?:我|要|说)|恐吓|人肉我|寄(?:恐吓|寿衣|冥币|死)|骚扰(?:电话|短信|我|收货人)|短信轰炸|呼死你"),
    (FABRICATION, "forge", r"(?:伪造|造假|编造?|捏造|做个?假|p个?|ps|修图|p图|剪辑?)[^,。]{0,8}(?:证据|截图|聊天记录|图片?|照片|视频|检测报告|报告|凭证|理由|一下)|(?:证据|截图|聊天记录|照片|视频|报告)[^,。]{0,6}(?:p一?下|造假|伪造|编|做假|改一?下日期)|(?:帮我?|教我|怎么|可以|能不能)[^,。]{0,4}(?:p图|伪造|造假)"),
    (FABRICATION, "swap_or_damage", r"(?:掉包|调包)(?:一个|再退|退回|后退)|(?:退|寄)(?:回)?(?:个|一个)?(?:旧的|假的|坏的|空包|砖头)(?:回去|给他|给商家)|(?:故意|自己)(?:弄坏|弄破|划破|剪坏|划一刀|放(?:根|只)?(?:头发|虫))[^,。]{0,8}(?:说|退|赔|索赔|投诉)?"),
    (FABRICATION, "pretend", r"(?:装作|假装|谎称|就说|骗(?:他|商家|平台))[^,。]{0,8}(?:没收到|坏|过敏|少|假货|质量问题|是假|破损|没签收)|(?:其实|明明)(?:收到了|没坏|是好的|没问题)[^,。]{0,10}(?:退|赔|怎么说|骗|想)|冒充(?:律师|记者|警察|平台|工商|客服|官方)"),
    (FABRICATION, "extort", r"(?:差评|曝光|举报|投诉)(?:威胁|要挟|敲|讹|换)[^,。]{0,8}(?:钱|他|商家|赔|一笔)|(?:敲|讹)(?:他|商家|店家|一笔)[^,。]{0,6}(?:钱|笔)?|多要点赔偿.{0,6}(?:编|假)|恶意(?:退货|索赔)怎么"),
)  # fmt: skip
_SIGN_RES = tuple((kind, sign, re.compile(pattern, re.I)) for kind, sign, pattern in _SIGNS)

# The seller forging or the buyer refusing to is no request to forge; 漏电保护器 is a product.
_NOT_FABRICATING_BEFORE = re.compile(
    r"(?:商家|卖家|他们?|对方|店家|客服|不会|不能|没有?|不想|不敢|怀疑我|说我|诬陷我?|污蔑我?|冤枉我?)[^,。]{0,6}$"
)
_HARMLESS = re.compile(
    r"漏电保护|防漏电|防爆炸?|保证金计划|消保保证金|店铺保证金|扣.{0,3}保证金|防过敏|灭火|不(?:漏电|冒烟|起火)|没有?(?:漏电|受伤|冒烟|爆炸|起火)"
)


def find_safety_signs(text: str) -> tuple[SafetySign, ...]:
    """Every warning sign in a message, in text order. Works on any text; the caller decides what to do."""
    normal = normalise(text)
    out: list[SafetySign] = []
    for kind, sign, pattern in _SIGN_RES:
        for match in pattern.finditer(normal.text):
            if _harmless(kind, normal.text, match):
                continue
            start, end = normal.span(*match.span())
            out.append(SafetySign(kind, sign, match.group(), start, end))
            break
    return tuple(sorted(out, key=lambda sign: sign.start))


def _harmless(kind: str, text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - 4) : match.end() + 4]
    if _HARMLESS.search(around):
        return True
    before = text[max(0, match.start() - 8) : match.start()]
    return kind == FABRICATION and bool(_NOT_FABRICATING_BEFORE.search(before))

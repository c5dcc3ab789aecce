"""What a merchant's answer amounts to: agree, partial, stall, blame, deny, hostile, off-platform, bribe …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.zh.amounts import find_amounts
from bot.zh.normalise import Normalised, normalise

STANCES = (
    "off_platform", "bribe_review", "hostile", "blame_courier", "blame_user", "deny", "partial", "agree", "stall", "silent",
)  # fmt: skip

# “再交200解冻金才给退款”: whoever wants money before giving some back is no merchant who agrees.
_PAY_FIRST = (
    r"(?:再|先|还要|还得|继续)(?:让|叫|要)?(?:您|你|我)?(?:交|转(?!人工|接|达)|打(?!电话|包|开)|付(?!款)|充|垫)(?!运费|邮费|快递费|定金|尾款)[^,。!?]{0,12}"
    r"(?:才|再|就|后)(?:能|会|肯|可以)?(?:给)?(?:您|你|我)?(?:退|返|解冻|发货)"
)
# First matching stance in this order wins: a danger outranks an insult, an insult outranks an argument.
_CUES: tuple[tuple[str, str], ...] = (
    (
        "off_platform",
        rf"{_PAY_FIRST}|加(?:我|个|一下|下|你|您)?的?(?:微信|v信?|qq|企鹅|vx|wx)|(?:微信|vx|wx|支付宝|银行卡|私下|线下)(?:上|里)?(?:直接|单独)?(?:转|退|给|打|返|赔|处理|解决)"
        r"|(?:扫|收款)(?:这个|一下|下)?(?:二维码|码)|私下(?:解决|协商|转账|交易|给)|转到你(?:微信|支付宝)|发.{0,3}收款码|绕开平台|不走平台|打到你的?卡",
    ),
    (
        "bribe_review",
        r"(?:好评|五星|5星|追评|晒图|晒单).{0,8}(?:返|给|退|红包|补偿|优惠|送|再)|(?:删|改|撤)(?:除|掉|了|一下|下)?.{0,4}(?:差评|评价|评论|中评).{0,14}(?:返|给|退|红包|补偿|赔|送|再|才|就)"
        r"|(?:返|给|退|红包|补偿|赔).{0,12}(?:删|改|撤)(?:除|掉|了|一下|下)?.{0,4}(?:差评|评价|评论)|(?:差评|评价|评论|中评).{0,3}(?:删|改|撤).{0,14}(?:返|给|退|红包|补偿|赔|送)|(?:先|得先|必须先)(?:给|打)?个?(?:好评|五星)|给个?好评就",
    ),
    (
        "hostile",
        r"爱(?:咋咋|退不退|买不买|要不要|去哪去哪)|随便你(?:投诉|告|举报|怎么)|你(?:去|随便)?(?:投诉|告|举报)(?:去吧?|吧|好了|呗)|有本事|骗子买家|讹|敲诈|穷(?:鬼|逼|b)|滚|傻|有病|神经病"
        r"|脑子|闭嘴|拉黑|恶意(?:买家|退货|差评)|白嫖|吃相|职业(?:打假|差评)|小心点|知道你(?:家|地址|住)|上门找你|曝光你|骂(?:我|人)|威胁|不要脸|贱|贪小便宜|别烦|没空理",
    ),
    (
        "blame_courier",
        r"(?:快递|物流|运输|配送|快递员|驿站|派送)(?:公司|方|那边|路上|途中|过程)?.{0,8}(?:的?问题|造成|导致|责任|弄丢|弄坏|摔|暴力|损坏|磕|延误|原因)"
        r"|(?:找|联系|问|跟|和)(?:一?下)?(?:快递|物流|驿站|派送|配送)(?!单|号)|(?:跟|和)我们(?:没|无)关系.{0,6}快递|发出去就(?:不归|没有?)我们?|快递那边",
    ),
    (
        "blame_user",
        r"人为|(?:使用|操作|安装|保养|保管|洗涤|清洗|存放|穿着)(?:的?方法?)?(?:不当|不对|不正确|有误|错误|问题)|(?:(?:您|你)(?:自己|这边|那边)?|我自己(?!没)).{0,6}(?:弄坏|摔|用坏|洗坏|穿坏|造成|弄的|拆坏|没看|没有看|拍错|选错|没仔细|掉包|调包|换了)"
        r"|(?:自己|您|你)的(?:问题|原因|责任)|影响(?:了)?二次销售|[说是怪赖]我(?:自己)?(?:用坏|弄坏|弄的|摔|搞坏|洗坏|穿坏|进水|泡水|磕|拆坏|掉包|调包)|已经?(?:使用|拆封|激活|洗|穿)过?了?.{0,6}(?:不能|不支持|无法|不给|没法)|使用痕迹|买家责任|客户原因",
    ),
    (
        "deny",
        r"不(?:能|可以|支持|给|予|同意|接受|受理|承担|负责|认可|属于|存在|算|是)(?:您|你)?.{0,6}(?:退|换|赔|补|保修|售后|质量|假货|我们?|理赔|问题)|没(?:有)?(?:质量)?问题|正常(?:现象|情况|范围|的)"
        r"|(?:保证|绝对|肯定|都是|百分百)(?:是)?正品|拒绝|不予|无法(?:退|换|赔|处理|给|为您|受理)|退不了|换不了|赔不了|没办法(?:退|换|赔|给)|(?:超过|过了)(?:了)?.{0,6}(?:时间|期限|期|天|售后)"
        r"|一经(?:售出|拆封|签收|激活)|概不|签收(?:即|就)?(?:视为|代表|默认|认可|了就)|已经签收|不归我们?|不是我们?的?(?:问题|责任|原因)|没有(?:责任|义务)|(?:规定|说明|页面|详情).{0,8}(?:不退|不换|不支持|写了|有写|标注)"
        r"|(?:商家|卖家|店家|客服|对方|他们?)(?:就|非|还|又|都)?说?[^,。!?我]{0,10}(?<!不)不(?:退|换|赔|修|认)(?:款|货|钱)?(?:的|了)?(?=$|[,。!?\s])"
        r"|(?:穿|用|洗|拆|戴|试|剪)过?了?的?(?:就|都)?不(?:退|换)(?!的话)|^不(?:退|换|赔)(?:款|货|钱|的)?$"
        r"|不(?:肯)?承认|死?不认账?(?![识为])|抵赖|发(?:货|出去?|的)?(?:的?时候|之前)[^,。]{0,3}(?:好好|完好|没(?:有)?(?:问题|坏))"
        r"|轻微|色差.{0,4}(?:正常|难免)|不在.{0,4}(?:范围|保修)|特价.{0,4}不退|不退不换",
    ),
    (
        "partial",
        r"(?:只能|最多|顶多|仅能?|只(?:肯|愿意?|给|退|赔|补|返))(?:给|退|赔|补|返|为|帮)?.{0,8}(?:退|赔|补|返|优惠|券|\d+)|(?:退|赔|补|返)(?:偿|还|给)?(?:您|你|我)?(?:一半|部分|几块|点|些|\d+%|百分之)|运费(?:您|你|自己|自理|自付|自费|我)?(?:来)?(?:承担|出|付)|(?:您|你)(?:承担|出|付|自付|自费).{0,4}运费"
        r"|运费自理|(?:运费|邮费|快递费)(?:您|你)(?:自己)(?:来)?(?:承担|出|掏|付|垫)|(?:运费|邮费|快递费)(?:得|要|还?是|还得|就是|让|叫)+(?:您|你|我)?(?:自己)?(?:来)?(?:承担|出|掏|付|垫|负担)|(?:让|叫|要|得)?(?:您|你|我)(?:自己)?(?:来)?(?:承担|出|掏|付|垫)(?:个|点)?(?:来回|退货|寄回的?)?(?:运费|邮费|快递费)"
        r"|(?:优惠|代金|无门槛|满减|店铺|抵用|现金)?券|下次(?:购买|下单|买).{0,6}(?:优惠|便宜|减)|(?:补偿|赔偿|赔|退|返|补|给)(?:您|你|我)?.{0,6}?\d+(?:\.\d+)?(?:元|块)|折价|打个?折|扣(?:除|掉|我|您|你|点|下)*\d+(?:\.\d+)?(?:元|块|%)?(?!分|个|件)|留下.{0,6}(?:补|退|返)|积分|小红包|红包",
    ),
    (
        "agree",
        r"(?<!不)(?<!没)同意(?:了)?(?!书)|(?:可以|能|给|帮|为)(?:您|你|我)?(?:这边)?(?:直接)?(?:全额|免费)?(?:退货|退款|换货|换新|补发|重发|换|退|维修|修|赔)|(?:马上|立即|立刻|尽快|现在|今天|这就|安排).{0,6}(?:退款|退货|补发|重发|重新发|换货|换新|赔付|打款|寄出)"
        r"|(?:您|你)?(?:申请|提交)(?:一?下)?(?:退款|退货|换货|售后).{0,8}(?:通过|同意|处理|就行|即可|可以|给)|全额(?:退|赔)|(?:退货)?地址(?:发|给|是)|(?:寄|退)回来?(?:吧|就行|即可|给我们|[^,。]{0,8}(?:退款|退钱|给[您你]退|给[您你]换))|我们(?:承担|出|负责|包).{0,6}(?:运费|邮费|责任)|原价赔|(?:您|你)申请(?:吧|就行)|(?:没问题|好的|行).{0,4}(?:退|换|补|赔)",
    ),
    (
        "stall",
        r"(?:稍等|等一?等|等一?下|再等|耐心等|等等|等待|等通知)|(?:帮|给|为)(?:您|你)?(?:反馈|反映|核实|查|问|登记|催|上报|记录|申请|备注|看看|转)|(?:反馈|上报|核实|登记|跟进|催促|转达|转交|汇报|处理)(?:中|一下|下|了|给|到|后)?|在(?:处理|核实|查|跟进|催|走流程)"
        r"|(?:尽快|过几天|这几天|最近|过两天|晚点|稍后|明天)(?:会|给|再|帮|处理|答复|回复|安排|发)?|(?:24|48|72|1-3|3-5|3-7|7)(?:个)?(?:小时|工作日|天)?内?.{0,4}(?:回复|处理|答复|联系|发货|到账)|仓库.{0,6}(?:核实|发货|在|忙|爆仓)|(?:没有|没)权限|请示|问(?:一?下)?(?:领导|主管|仓库|厂家|财务)|下班|周末|排队|厂家",
    ),
    (
        "silent",
        r"(?:没|没有|不|未|一直不|从来不|迟迟不|再也不|根本不|无|已读不)(?:人)?(?:回复?|理(?:我|人|睬|会)?|回应|答复|接(?:电话|待)?|反应|搭理|吭声|回消息)|没(?:有)?(?:人|客服)(?:理|回|接|在|应)|联系不(?:上|到)|已读|失联|石沉大海|找不到(?:人|客服)|不在线|机器人(?:回复|客服)|自动回复|装死|玩消失|无人",
    ),
)  # fmt: skip
_CUE_RES = tuple((stance, re.compile(pattern, re.I)) for stance, pattern in _CUES)
_SILENT = dict(_CUE_RES)["silent"]
_COUPON = re.compile(r"券|红包抵|满减|积分|京豆|下次(?:购买|下单|买)")
_NOT_AGREED = re.compile(r"(?:不|没|没有|未|不能|无法|不会|拒绝|别|概不|可不)$")
_TOP_UP = re.compile(r"补偿|补贴|赔|补给?[您你我]|返|优惠|券|红包")
_OFFERED = re.compile(r"退|赔|补|返|给|优惠|减|便宜|折")


# An agreement with less in it than the demand: 同意退但要扣折旧费, 退可以但不肯赔, 要我倒贴.
_BUT_LESS = re.compile(
    r"扣(?:除|掉|我|您|你|一点|点)?(?:[^,。!?]{0,8}(?:费|钱|元|块|%)|折旧|运费|邮费)|倒贴|(?<!不)(?:要|得|让|叫)(?:您|你|我)?补(?:差价|[^,。]{0,4}(?:元|块))"
    r"|(?:但|不过|就是|可是|可)[^。!?]{0,6}不(?:肯|愿意?|给|能|会|同意)?(?:赔|补偿|补差|承担|出运费|管运费)|(?:运费|邮费)[^,。!?]{0,4}(?:我|您|你)(?:自己)?(?:出|付|掏|承担)"
)
_FREIGHT = re.compile(r"运费|邮费|快递费")
# How they speak, which tells that they do.
_MANNERS = re.compile(
    r"态度|语气|口气|骂|凶|吼|怼|嘲|讽|阴阳|不耐烦|没耐心|侮辱|羞辱|恐吓|威胁|礼貌|素质|脏话|爆粗|嚣张|敷衍|答非所问|踢皮球|推来推去"
)


# “先点确认收货才给退”: no agreement, whatever comes after it, for the proof turns against who confirms.
_CONFIRM_FIRST = re.compile(
    r"(?<!仓库)(?<!我们)(?:点?确认(?:了|一下)?收货|点(?:了|掉|完|一下)?收货|收货(?:点|按)(?:了|掉|一下)|(?:点|按)了(?:确认)?)"
    r"[^。!?]{0,8}(?:才|再|就|后|给|马上|立刻)[^,。!?]{0,6}(?:退|赔|补|换|处理)"
)


# “说给我退，一直不退”: what was agreed to and is not done.
_NOT_KEPT = re.compile(
    r"(?:一直|迟迟|就是|到现在|拖到现在|至今|都?(?:\d+|[两三四五六七八九十几]+)个?[天周月]了?)(?:都|也|还)?(?:没有?|不)(?!同意)(?:给|见|有)?(?:我)?(?:退|换|赔|补|发|寄|到账|动静|处理|下文|音讯|操作|收到)(?![^,。]{0,4}(?:的话|请|联系))"
    r"|反悔|变卦|说话不算|出尔反尔|不认账|又(?:不(?:退|给|肯|同意|换|赔)|说不)"
)


@dataclass(frozen=True)
class StanceReading:
    """`offer` is the money offered in yuan (a coupon's face value when `coupon`), `cues` the words that decided."""

    stance: str | None
    offer: Decimal | None = None
    coupon: bool = False
    cues: tuple[str, ...] = ()


def read_stance(text: str) -> StanceReading:
    """Read a merchant's answer, pasted or retold by the buyer. `stance` is None when nothing decides."""
    normal = normalise(text)
    hits = {stance: cue for stance, pattern in _CUE_RES if (cue := _first(stance, pattern, normal.text))}
    offer = _offer(normal)
    coupon = bool(_COUPON.search(normal.text))
    stance = next(iter(hits), None)
    if stance == "deny" and "partial" in hits and (offer is not None or coupon):
        stance = "partial"  # 不能退，但可以补20元: the offer is the news
    if stance in ("blame_courier", "blame_user") and offer is not None and "partial" in hits:
        stance = "partial"
    if (
        stance == "partial"
        and "agree" in hits
        and offer is None
        and not coupon
        and not _FREIGHT.search(hits["partial"])
    ):
        stance = "agree"
    if stance == "agree" and (less := _BUT_LESS.search(normal.text)):
        return StanceReading("partial", None, coupon, (less.group(),))
    if stance == "agree" and (broken := _NOT_KEPT.search(normal.text)):
        return StanceReading("stall", None, coupon, (broken.group(),))
    if stance in ("agree", None) and (asked := _CONFIRM_FIRST.search(normal.text)):
        return StanceReading("stall", None, coupon, (asked.group(),))
    top_up = _TOP_UP.search(normal.text)
    if stance in ("agree", "stall", None) and offer is not None and top_up:
        stance, hits = "partial", hits or {"partial": top_up.group()}
    cues = tuple(hits.values()) if stance else ()
    return StanceReading(
        stance,
        offer if stance in ("partial", "agree", "bribe_review", "off_platform") else None,
        coupon,
        cues,
    )


def tells_silence(text: str) -> bool:
    """Whether a complaint of the merchant's people (不理人, 态度差) means that no answer came, and not a bad one."""
    plain = normalise(text).text
    return bool(_SILENT.search(plain)) or not _MANNERS.search(plain)


def _first(stance: str, pattern: re.Pattern[str], text: str) -> str | None:
    for match in pattern.finditer(text):
        if stance == "agree" and _NOT_AGREED.search(text[max(0, match.start() - 3) : match.start()]):
            continue
        return match.group()
    return None


def _offer(text: Normalised) -> Decimal | None:
    """The largest sum that stands beside a verb of giving."""
    sums = []
    for amount in find_amounts(text):
        before = text.original[max(0, amount.start - 8) : amount.start]
        after = text.original[amount.end : amount.end + 6]
        if _OFFERED.search(before) or _OFFERED.search(after) or "券" in after or "红包" in after:
            sums.append(Decimal(str(amount.resolved.get("to", amount.resolved["value"]))))
    return max(sums, default=None)

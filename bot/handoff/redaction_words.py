"""Words that identify somebody: names after a label, addresses below the district, e-mail.

A region (省 市 区) stays readable, for it tells the agent which authority is in charge; what lies below it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.handoff.redaction_spans import Span

_EMAIL = re.compile(
    r"(?<![\w.%+*-])(?P<local>[A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)

_HAN = r"[\u4e00-\u9fff]"
_TWO_CHARACTER = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|宇文|长孙|端木|南宫"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁"
    "葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄"
    "单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁"
    "商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保和蔺"
)
_RARE = "时来位都全单解车房原官应台和保明连成花强商计蒙"  # words more often than surnames: only after a colon
_NAME = rf"(?:{_TWO_CHARACTER}|[{_SURNAMES}]){_HAN}{{1,2}}"
_LABELLED_NAME = re.compile(
    rf"(?:(?P<noun>收件人|收货人|联系人(?!工)|寄件人|持卡人|开户人|户名|开户名|真实姓名|姓名|名字)(?P<gap>[\s是叫为:]{{0,6}}(?:姓名[\s是叫为:]{{0,6}})?)"
    rf"|(?P<verb>我叫|我的名字叫|我名叫))(?P<n>{_NAME})"
)
_BESIDE_PHONE = re.compile(
    rf"(?<!{_HAN})(?P<n>{_NAME})[ ,，、:]{{1,3}}(?:电话|手机|联系电话|手机号)?[ :]{{0,2}}$"
)
_TITLES = ("先生", "女士", "小姐", "老师", "老板", "经理", "师傅", "阿姨", "大哥", "姐", "总", "哥")
_NO_NAMES = re.compile(
    r"方[式面便法]|马上|安[排全装]|任[何意]|万一|于[是]|关[于系]|管理|常[用见]|白[天色]|金额|时间|温馨|成功|高[度于]|全[部都是]|都[是没不]"
    r"|应该|和|原[来因]|明[天白]|保[存密护]|连|强|易|向|商家|台|官方|解[决释]|来|位|单[号独]|车|房|计|简单|包[裹括装]|任务|范围|费用|余额|施工|查"
)
_AFTER_NAME = set(
    "电手你我他她您它们在是想要说的了跟地住收号买退帮请和与及，有没不也就都购下已拍付投给对这那今昨前"
)

_LEVELS = rf"{_HAN}{{2,10}}?(?:省|自治区|市|自治州|地区|盟|区|县|旗)"
_REGION = re.compile(rf"(?:{_LEVELS}\s?){{2,4}}(?:{_HAN}{{1,8}}?(?:街道|镇|乡))?")
_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9#（）()·\s-]{2,50}")
_PLACES = "路|街|大道|巷|弄|胡同|村|小区|社区|花园|家园|公寓|大厦|广场|苑|新城|宿舍|大学|学校|学院|医院|楼|栋|幢|座|单元|室|号院|号"
_PLACE = re.compile(rf"(?:{_PLACES})(?:内|旁|对面)?|\d+(?:-\d+)*(?=\D|$)")
_PLACE_WORD = re.compile(_PLACES)
_EXACT = re.compile(
    r"(?:路|街|大道|巷|弄|胡同|村|小区|花园|公寓|大厦|苑|楼|栋|幢|座)\s*[0-9A-Za-z一二三四五六七八九十]|[0-9一二三四五六七八九十]\s*(?:栋|幢|座|单元|室)"
)
_LABELLED_ADDRESS = re.compile(
    r"(?:收货|收件|寄件|家庭|详细|退货|邮寄|联系|现住)?(?:地址|住址)(?:是|为|:|\s|改成|改为|改到|在){1,6}(?P<body>[^\n,，。;；、/!！?？*\[\]]{4,60})"
)
_NUMBER = r"[0-9A-Za-z一二三四五六七八九十百]{1,5}"
_ROAD = re.compile(
    rf"(?P<road>{_HAN}{{1,6}}?(?:路|街|大道|巷|弄|胡同|村|小区|花园|家园|公寓|大厦|新村|苑)){_NUMBER}(?:号|弄|栋|幢|座|组)(?P<more>(?:院|楼)?"
    rf"(?:[ -]?{_NUMBER}(?:号楼|号|栋|幢|座|单元|楼|层|室|户))*(?:[ -]?\d{{1,5}}(?:-\d{{1,5}})*)?)"
)
_ROOM = re.compile(
    rf"(?:[一-龥]{{2,10}}?(?:小区|花园|家园|公寓|大厦|新村|苑|村))?{_NUMBER}(?:号楼|栋|幢|座)[ -]?(?:{_NUMBER}(?:单元|层|楼)[ -]?)?{_NUMBER}(?:室|房|户|号)?"
)
_DATE_AFTER = re.compile(
    r"\s*(?:发|到|之前|前|后|左右|晚|早|的|下|签|收|才|就|还|那|这|开|付|买|拍|凌|上午|中午|说|给|申|退|联)"
)


def emails(text: str) -> Iterator[Span]:
    """The part before the @; its first character stays."""
    for match in _EMAIL.finditer(text):
        yield Span(*match.span("local"), "email", first=1)


def labelled_names(text: str) -> Iterator[Span]:
    """Names after 收件人, 联系人, 姓名, 我叫 …; the surname stays."""
    for match in _LABELLED_NAME.finditer(text):
        gap = (match["gap"] or "").strip()
        if match["noun"] in ("姓名", "名字", "户名") and not match["gap"]:
            continue
        span = _name(text, match.start("n"), match["n"], sure=bool(gap))
        if span:
            yield span


def names_beside(text: str, phones: Sequence[int]) -> Iterator[Span]:
    """The name written right before a phone number, as on a parcel: 张三 138…"""
    for at in phones:
        before = text[max(0, at - 16) : at]
        match = _BESIDE_PHONE.search(before)
        span = _name(text, at - len(before) + match.start("n"), match["n"], sure=False) if match else None
        if span:
            yield span


def _name(text: str, start: int, shown: str, *, sure: bool) -> Span | None:
    """The span of a name, without the word that runs on behind it; None when it is no name."""
    surname = 2 if re.match(_TWO_CHARACTER, shown) else 1
    given = shown[surname:]
    if not given:
        return None
    if given.startswith(_TITLES) or _NO_NAMES.match(shown) or (not sure and shown[0] in _RARE):
        return None
    if given[0] in _AFTER_NAME:
        return None
    if len(given) == 2 and given[1] in _AFTER_NAME:
        given = given[0]
    return Span(start, start + surname + len(given), "name", first=surname, fill="*" * len(given))


def addresses(text: str, taken: Sequence[Span]) -> Iterator[Span]:
    """What lies below the district: after 地址, after a region of two levels, or a road and its number."""
    for match in _LABELLED_ADDRESS.finditer(text):
        yield from _below(text, match.start("body"), _cut(match.start("body"), match.end("body"), taken))
    for match in _REGION.finditer(text):
        run = _RUN.match(text, match.end())
        if run and _PLACE_WORD.search(run.group()):
            yield from _below(text, match.end(), _cut(match.end(), run.end(), taken))
    for match in _ROAD.finditer(text):
        if match["more"] or not _DATE_AFTER.match(text, match.end()):
            yield Span(match.start("road"), match.end(), "address")
    for match in _ROOM.finditer(text):
        if text[match.end() - 1] in "室房户" or "单元" in match.group():
            yield Span(*match.span(), "address")


def _cut(start: int, end: int, taken: Sequence[Span]) -> int:
    """Where an address has to end: before the phone or the name that follows it."""
    return min([end, *(span.start for span in taken if span.start >= start)])


def _below(text: str, start: int, end: int) -> Iterator[Span]:
    """The part of ``text[start:end]`` below its region, up to the last word that names a place."""
    body = text[start:end]
    region = _REGION.match(body)
    first = region.end() if region else 0
    places = list(_PLACE.finditer(body, first))
    if not any(_PLACE_WORD.match(place.group()) for place in places) or (
        not region and not _EXACT.search(body)
    ):
        return
    last = places[-1].end()
    while first < last and body[first].isspace():
        first += 1
    if first < last:
        yield Span(start + first, start + last, "address")

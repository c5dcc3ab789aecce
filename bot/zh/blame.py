"""Questions about whose fault it is (算谁的责任) and who pays for a test (检测要我出钱吗)."""

from __future__ import annotations

import re

from bot.zh.normalise import normalise

_TEST = r"(?:检测|鉴定|检验|质检|化验|送检|验货|测试|验机)"
_TESTING_COST = re.compile(
    rf"{_TEST}[^,。!?;]{{0,8}}(?:费|钱|谁出|谁付|谁掏|谁承担|谁负责|自费|花|垫|报销|收费)|(?:费|钱|谁出|谁掏|自费|花|垫)[^,。!?;]{{0,6}}{_TEST}"
)
_ASKED = r"(?:吗|么|不(?=$|[?,。!])|吧?\?|呢$)"
_ONE = r"(?:商家|卖家|店家|店铺|我|买家|快递|物流|平台|厂家|驿站|他们)"
_FAULT = re.compile(
    r"(?:算|怪|赖|怨)(?:是)?(?:谁|哪一?[方边家]|哪个)|(?:谁|哪一?[方边家])的?(?:责任|错|过错|问题|锅)|(?:责任|过错)(?:到底|应该|该)?(?:在|算|归|是|由)?(?:谁|哪)"
    r"|谁(?:来|该|应该|要|得)*(?:负责|担责|背锅|承担责任|负责任|理亏)"
    rf"|(?:算|是|属于|怪)(?:不是)?{_ONE}(?:自己)?的?(?:责任|错|过错|问题|锅)[^,。!?;]{{0,2}}{_ASKED}|(?:算不算|是不是|属不属于|该不该)(?:算)?{_ONE}(?:自己)?的?(?:责任|错|过错|问题|负责)"
    rf"|{_ONE}(?:要|该|应该|需要|用|得)*(?:负责|担责|承担责任|负责任)[^,。!?;]{{0,2}}{_ASKED}|{_ONE}(?:有没有|有)责任{_ASKED}?"
)
_RETOLD = re.compile(rf"{_ONE}[^,。!?]{{0,6}}(?:说|讲|回)")
_RETOLD_ENDS = re.compile(r"[吗么?]$|谁|哪")


def asks_testing_cost(text: str) -> bool:
    """Whether it is about who pays for a test."""
    return bool(_TESTING_COST.search(normalise(text).text))


def asks_whose_fault(text: str) -> bool:
    """Whether it asks whose fault or responsibility it is; what the merchant holds of it asks nothing."""
    plain = normalise(text).text.strip()
    return any(
        _FAULT.search(clause) and (not _RETOLD.search(clause) or _RETOLD_ENDS.search(clause))
        for clause in re.split(r"(?<=[?!])|[,。;\n]", plain)
    )

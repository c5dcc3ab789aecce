"""Products: what is learned, what is never a product, and where a name begins and ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.product_model import (
    Example,
    ProductModel,
    features,
    is_name,
    learnable,
    product_nouns,
    train,
)
from bot.nlu.segmenter import shared_segmenter

FRAMES = (
    "我的{}坏了",
    "{}不能用",
    "买的{}漏水",
    "收到{}是碎的",
    "{}还没发货",
    "垃圾{}",
    "这个{}有问题",
    "[{}]",
    "{}店不理人",
)
GOODS = ("手机", "洗衣机", "裤子", "书", "保温杯", "沙发", "充电器", "洗发水", "体脂秤", "玫瑰")


def _examples() -> list[Example]:
    out: list[Example] = []
    for frame in FRAMES[:7]:
        for name in GOODS:
            at = frame.index("{")
            out.append((frame.format(name), [(at, at + len(name))]))
    nothing = ("客服不理我", "什么时候发货", "退款没到", "谢谢你", "我要投诉")
    return out + [(text, []) for text in nothing]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ProductModel:
    path = tmp_path_factory.mktemp("model") / "product.crfsuite"
    train(_examples(), shared_segmenter(), path)
    return ProductModel(path, shared_segmenter())


def names(model: ProductModel, text: str) -> list[str]:
    return [text[start:end] for start, end, _ in model.spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我的手机坏了", ["手机"]),
        ("垃圾手机", ["手机"]),
        ("破手机坏了", ["手机"]),
        ("我的书坏了", ["书"]),
        ("买的TCL的洗衣机漏水", ["TCL的洗衣机"]),
        ("手机店不理人", []),
        ("[玫瑰]", []),
        ("客服不理我", []),
        ("", []),
        (" ", []),
    ],
)
def test_names(model: ProductModel, text: str, found: list[str]) -> None:
    assert names(model, text) == found


@pytest.mark.parametrize(
    ("text", "name", "fine"),
    [
        ("这个商品破了", "商品", False),
        ("楼下水果店都便宜", "水果", False),
        ("水果烂了", "水果", True),
        ("[玫瑰]好哒", "玫瑰", False),
        ("玫瑰蔫了", "玫瑰", True),
        ("辣鸡", "辣鸡", False),
        ("美联集团不认账", "美联集团", False),
        ("酒店不给退", "酒店", True),
    ],
)
def test_what_may_name_goods(text: str, name: str, fine: bool) -> None:
    at = text.index(name)
    assert is_name(text, at, at + len(name)) is fine


def test_an_unmarked_name_of_goods_is_not_learned() -> None:
    named, marked = ("手机坏了", []), ("手机坏了", [(0, 2)])
    examples: list[Example] = [named, marked, named, ("客服不理我", []), ("里面粉色", [])]
    assert learnable(examples, shared_segmenter()) == [marked, ("客服不理我", [])]


def test_every_other_example_without_a_product_is_learned() -> None:
    without: list[Example] = [(f"客服{at}天不理我", []) for at in range(1, 9)]
    assert learnable([*without, ("手机坏了", [(0, 2)])], shared_segmenter()) == [
        ("手机坏了", [(0, 2)]),
        *without[::2],
    ]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("里面粉色的体脂秤", "OOOOOBME"),
        ("白色洗衣机", "OOBME"),
        ("一本书", "OOS"),
        ("说明书没有", "OOOOO"),
        ("SD卡", "BME"),
    ],
)
def test_a_noun_is_seen_as_whole_words_only(text: str, marks: str) -> None:
    rows = features(text, shared_segmenter())
    assert "".join(one[2:] for row in rows for one in row if one.startswith("n=")) == marks


def test_learning_without_nouns_leaves_them_out() -> None:
    assert not any(
        one.startswith("n") for row in features("手机", shared_segmenter(), known=False) for one in row
    )


@pytest.mark.parametrize(
    "word", ["账号", "酒精", "卸妆", "会员", "高光", "开关", "挂钩", "百合", "背带", "商品", "宝贝"]
)
def test_everyday_words_are_not_in_the_list_of_nouns(word: str) -> None:
    assert word not in product_nouns()


def test_training_twice_gives_the_same_file(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        train(_examples(), shared_segmenter(), file)
    assert files[0].read_bytes() == files[1].read_bytes()

"""Listed names: what is found, where it stands in the original text, the operator's own file, running without spaCy."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.term_extractor import TermExtractor
from bot.nlu.term_matcher import LONGEST, TermMatcher
from bot.nlu.terms import TermsError, read_terms, terms_digest
from bot.nlu.tokenizer import ChineseTokenizer
from bot.zh.normalise import normalise

OWN = """
product: [iPhone, Air Jordan, 小米手环]
brand: [戴森, 安踏, 苹果, OPPO]
shop: [晴天小铺]
shop_form: [官方旗舰店, 旗舰店]
platform: {pdd: [拼刀刀]}
courier: {sf: [顺丰小哥]}
goods: [捕梦网]
"""
Row = tuple[str, str, dict[str, Any], str]  # entity, value as written, resolved, certainty


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> TermExtractor:
    return loaded(tmp_path_factory.mktemp("terms"), OWN)


def loaded(folder: Path, written: str) -> TermExtractor:
    """The component trained on a terms file and loaded again."""
    (folder / "terms.yml").write_text(written, encoding="utf-8")
    config = {"terms": str(folder / "terms.yml")}
    storage, resource = LocalModelStorage.create(folder), Resource("terms")
    context = ExecutionContext(GraphSchema({}), "test")
    TermExtractor.create(config, storage, resource, context).train(TrainingData())
    return TermExtractor.load(config, storage, resource, context)


def entities(extractor: TermExtractor, text: str, before: Any = None) -> list[dict[str, Any]]:
    message = Message({"text": text, "entities": before or []})
    extractor.process([message])
    found: list[dict[str, Any]] = message.get("entities")
    return found


def rows(found: list[dict[str, Any]]) -> list[Row]:
    return [(one["entity"], one["value"], one["resolved"], one["certainty"]) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我的iphone碎屏了", ("product", "iphone", {"value": "iPhone"}, "exact")),
        ("airjordan开胶", ("product", "airjordan", {"value": "Air Jordan"}, "exact")),
        ("在晴天小铺买的", ("shop", "晴天小铺", {"value": "晴天小铺"}, "exact")),
        ("拼刀刀上拍的", ("platform", "拼刀刀", {"value": "pdd"}, "exact")),
        ("顺丰小哥态度差", ("courier", "顺丰小哥", {"value": "sf"}, "exact")),
        ("捕梦网坏了", ("product", "捕梦网", {"value": "捕梦网"}, "check")),
        ("吹风机不转了", ("product", "吹风机", {"value": "吹风机"}, "check")),
        # neighbours are one name
        ("戴森吹风机不转了", ("product", "戴森吹风机", {"value": "戴森吹风机"}, "exact")),
        ("安踏官方旗舰店不理人", ("shop", "安踏官方旗舰店", {"value": "安踏官方旗舰店"}, "exact")),
        ("小米手环充电器不充电", ("product", "小米手环充电器", {"value": "小米手环充电器"}, "exact")),
        ("苹果烂了三个", ("product", "苹果", {"value": "苹果"}, "check")),
        # with the model behind it
        ("iPhone15坏了", ("product", "iPhone15", {"value": "iPhone15"}, "exact")),
        ("拍的iPhone 15 Pro", ("product", "iPhone 15 Pro", {"value": "iPhone 15 Pro"}, "exact")),
        ("OPPO Reno11想退", ("product", "OPPO Reno11", {"value": "OPPO Reno11"}, "exact")),
        ("iPhone 3天就坏了", ("product", "iPhone", {"value": "iPhone"}, "exact")),
    ],
)
def test_what_is_found(extractor: TermExtractor, text: str, expected: Row) -> None:
    assert rows(entities(extractor, text)) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "戴森客服不理人",
        "旗舰店不认账",
        "myiphone",
        "iphones",
        "我要买书 包邮吗",
        "书坏了",
        "OPPO 3天没回",
        "",
        " ",
        "\ud800",
    ],
)
def test_what_is_not_found(extractor: TermExtractor, text: str) -> None:
    assert entities(extractor, text) == []


@pytest.mark.parametrize(
    ("text", "start", "value"),
    [
        ("我的ＩＰＨＯＮＥ碎屏", 2, "ＩＰＨＯＮＥ"),
        ("戴森吹風機壞了", 0, "戴森吹風機"),
        ("👍👍🏻 iPhone坏了", 4, "iPhone"),
        ("单号 1234 5678 9012 的air\u3000jordan", 19, "air\u3000jordan"),
        ("\u200b\n 小\u200b米手环", 3, "小\u200b米手环"),
    ],
)
def test_places_are_those_of_the_original(
    extractor: TermExtractor, text: str, start: int, value: str
) -> None:
    (found,) = entities(extractor, text)
    assert (found["start"], found["end"], found["value"]) == (start, start + len(value), value)
    assert text[found["start"] : found["end"]] == value


@pytest.mark.parametrize(
    ("text", "before", "added"),
    [
        ("晴天小铺的iPhone", ("shop", 0, 4), ["iPhone"]),
        ("iPhone手机壳", ("product", 6, 9), ["iPhone"]),
        ("iPhone 15坏了", ("amount", 7, 9), ["iPhone"]),
        ("白色iPhone壳", ("product", 0, 9), []),
        ("裙子和吹风机", ("product", 0, 2), []),  # a noun counts only where no product was found
        ("拼刀刀买的吹风机", ("platform", 0, 3), ["吹风机"]),
        ("冰箱还有洗衣机", None, ["冰箱"]),
        ("iPhone和洗衣机", None, ["iPhone"]),
    ],
)
def test_earlier_entities_stay_and_are_not_covered(
    extractor: TermExtractor, text: str, before: tuple[str, int, int] | None, added: list[str]
) -> None:
    first = []
    if before:
        kind, start, end = before
        first = [{"entity": kind, "start": start, "end": end, "value": text[start:end]}]
    found = entities(extractor, text, first)
    assert [one["value"] for one in found if "extractor" in one] == added
    assert [one for one in found if "extractor" not in one] == first
    assert all(one["end"] <= other["start"] for one, other in pairwise(found))


@pytest.mark.parametrize(("text", "count"), [("里面粉色的线头", 0), ("面粉漏了", 1)])
def test_a_noun_must_be_whole_words(extractor: TermExtractor, text: str, count: int) -> None:
    tokenizer = ChineseTokenizer(ChineseTokenizer.get_default_config())
    message = Message({"text": text})
    message.set("text_tokens", tokenizer.tokenize(message, "text"))
    extractor.process([message])
    assert len(message.get("entities") or []) == count


def test_only_the_beginning_of_a_long_text_is_read(extractor: TermExtractor) -> None:
    assert entities(extractor, "退" * LONGEST + "iPhone") == []


def test_a_term_added_by_the_operator_is_found_after_training(tmp_path: Path) -> None:
    text = "量子速读机不灵"
    for name, written, count in (("a", "", 0), ("b", "product: [量子速读机]", 1)):
        (tmp_path / name).mkdir()
        assert len(entities(loaded(tmp_path / name, written), text)) == count


def test_a_changed_list_is_trained_again(tmp_path: Path) -> None:
    path = tmp_path / "terms.yml"
    digests = [terms_digest(str(path))]
    for written in ("shop: [晴天小铺]", "shop: [雨天小铺]"):
        path.write_text(written, encoding="utf-8")
        digests.append(terms_digest(str(path)))
        assert TermExtractor.fingerprint_addon({"terms": str(path)}) == digests[-1]
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("- iPhone", "expected kinds"),
        ("product: iPhone", "product: expected a list"),
        ("prodct: [iPhone]", "unknown kind 'prodct'"),
        ("courier: [顺丰小哥]", "courier: expected codes"),
        ("courier: {shunfeng: [顺丰小哥]}", "unknown code 'shunfeng'"),
        ("product: [书]", "'书' is too short"),
        ("product: [", "not YAML"),
    ],
)
def test_a_list_that_cannot_be_used_says_where(tmp_path: Path, written: str, says: str) -> None:
    path = tmp_path / "terms.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(TermsError, match=says) as error:
        read_terms(str(path))
    assert str(path) in str(error.value)


def test_every_shipped_name_is_found_as_itself() -> None:
    shipped = read_terms()
    matcher = TermMatcher(shipped)
    assert sum(term.kind != "goods" for term in shipped) >= 60
    for term in shipped:
        if term.kind not in ("brand", "shop_form"):
            assert [(hit.start, hit.end) for hit in matcher.find(term.form)] == [(0, len(term.form))], term
        assert normalise(term.form).text == term.form


def test_without_spacy_one_warning_and_no_terms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    extractor = loaded(tmp_path, OWN)
    assert entities(extractor, "iPhone坏了") == entities(extractor, "吹风机坏了") == []
    (record,) = [one for one in caplog.records if one.name == "bot.nlu.term_extractor"]
    assert record.levelname == "WARNING" and "spaCy cannot be used" in record.getMessage()

"""The graph components trained on a few sentences and loaded again: places, round trip, degraded running."""

from __future__ import annotations

import inspect
from datetime import datetime
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import intent_classifier
from bot.nlu.encoder import NoEncoder
from bot.nlu.entity_extractor import GrammarEntityExtractor, now_of
from bot.nlu.intent_classifier import LinearIntentClassifier
from bot.nlu.product_extractor import ProductExtractor, example_of
from bot.nlu.term_extractor import TermExtractor
from bot.nlu.tokenizer import ChineseTokenizer
from bot.zh.moments import SHANGHAI

COMPONENTS = (
    ChineseTokenizer,
    GrammarEntityExtractor,
    ProductExtractor,
    TermExtractor,
    LinearIntentClassifier,
)
EXAMPLES = {
    "report_dispute/damaged": ["杯子碎了", "收到就是碎的", "箱子压烂了", "瓶子全漏了", "快递摔坏了"],
    "report_dispute/missing_part": ["少发了一个", "漏发了配件", "只收到一件", "少了两包", "缺了一个充电器"],
    "ask_evidence": ["要拍照吗", "需要什么证据", "要不要上传视频", "凭证发哪里", "拍几张照片"],
    "ask_progress": ["处理得怎么样了", "到哪一步了", "什么时候有结果", "进度怎么样", "审核好了吗"],
}
PRODUCTS = ["我的手机坏了", "手机屏幕碎了", "买的手机不能用", "手机充不进电", "新手机有划痕"]


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), "test")


def training_data() -> TrainingData:
    messages = [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    for text in PRODUCTS:
        at = text.index("手机")
        entity = {"entity": "product", "value": "手机", "start": at, "end": at + 2}
        messages.append(Message.build(text, "report_dispute/damaged", [entity]))
    return TrainingData(messages)


def trained(kind: Any, storage: LocalModelStorage, context: ExecutionContext, **config: Any) -> Any:
    """The component after training, persisting and loading."""
    settings = {**kind.get_default_config(), **config}
    resource = Resource(kind.__name__)
    kind.create(settings, storage, resource, context).train(training_data())
    return kind.load(settings, storage, resource, context)


def parsed(component: Any, text: str, **metadata: Any) -> Message:
    message = Message({"text": text, "metadata": metadata})
    component.process([message])
    return message


@pytest.mark.parametrize("kind", COMPONENTS)
def test_signatures_are_what_the_graph_check_wants(kind: Any) -> None:
    hints = get_type_hints(kind.create)
    assert set(inspect.signature(kind.create).parameters) == {
        "config",
        "model_storage",
        "resource",
        "execution_context",
    }
    assert "typing.Dict" in str(hints["config"])


def test_tokens_address_the_original(storage: LocalModelStorage, context: ExecutionContext) -> None:
    tokenizer = ChineseTokenizer.create(
        ChineseTokenizer.get_default_config(), storage, Resource("t"), context
    )
    text = "單號 １２３４ ５６７８ ９０１２ 退貨"
    tokens: list[Token] = parsed(tokenizer, text).get("text_tokens")
    assert {token.text: text[token.start : token.end] for token in tokens}[
        "123456789012"
    ] == "１２３４ ５６７８ ９０１２"


def test_the_global_jieba_is_not_touched(storage: LocalModelStorage, context: ExecutionContext) -> None:
    import jieba

    before = jieba.dt.FREQ.get("破损包退"), jieba.dt.initialized
    ChineseTokenizer.create(ChineseTokenizer.get_default_config(), storage, Resource("t"), context)
    assert (jieba.dt.FREQ.get("破损包退"), jieba.dt.initialized) == before


def test_dates_count_from_the_messages_own_time(
    storage: LocalModelStorage, context: ExecutionContext
) -> None:
    extractor = GrammarEntityExtractor.create({}, storage, Resource("e"), context)
    (entity,) = parsed(extractor, "昨天签收的", now="2026-11-12T09:00:00+08:00").get("entities")
    assert entity["resolved"]["value"] == "2026-11-11T00:00:00+08:00"
    assert entity["resolved"]["role"] == "signed"


@pytest.mark.parametrize("metadata", [{}, {"now": "nonsense"}, {"now": None}])
def test_without_a_time_the_wall_clock_counts(metadata: dict[str, Any]) -> None:
    assert abs((now_of(metadata) - datetime.now(SHANGHAI)).total_seconds()) < 60


def test_products_survive_the_archive(storage: LocalModelStorage, context: ExecutionContext) -> None:
    extractor = trained(ProductExtractor, storage, context)
    (entity,) = parsed(extractor, "這個手機碎了").get("entities")
    assert (entity["entity"], entity["value"], entity["start"], entity["end"]) == ("product", "手機", 2, 4)


def test_a_product_mark_is_found_in_the_normal_form() -> None:
    message = Message.build("１個手機", "x", [{"entity": "product", "value": "手機", "start": 2, "end": 4}])
    assert example_of(message) == ("1个手机", [(2, 4)])


def test_intent_and_types_survive_the_archive(storage: LocalModelStorage, context: ExecutionContext) -> None:
    message = parsed(trained(LinearIntentClassifier, storage, context), "我買的杯子都碎了，還漏發了一個配件")
    assert message.get("intent")["name"] == "report_dispute"
    assert {one["type"] for one in message.get("dispute_types")} == {"damaged", "missing_part"}
    assert message.get("intent_ranking")[0] == message.get("intent")
    assert {"intent", "intent_ranking", "dispute_types"} <= message.output_properties


def test_a_complaint_after_a_question_for_facts(
    storage: LocalModelStorage, context: ExecutionContext
) -> None:
    classifier = trained(LinearIntentClassifier, storage, context)
    found = [{"entity": "platform", "start": 0, "end": 2}]
    asked = {"context": "是在哪个平台买的？"}
    assert classifier.read("京东自营", found, asked).intent == "provide_order_info"
    assert classifier.read("京东杯子碎了两个", found, asked).intent == "report_dispute"


def test_training_is_deterministic(tmp_path: Path, context: ExecutionContext) -> None:
    read = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        classifier = trained(LinearIntentClassifier, LocalModelStorage.create(tmp_path / name), context)
        read.append(parsed(classifier, "到哪一步了呀").get("intent_ranking"))
    assert read[0] == read[1]


def test_without_sentence_vectors_characters_go_on(
    storage: LocalModelStorage,
    context: ExecutionContext,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = LinearIntentClassifier.get_default_config()
    resource = Resource("classifier")
    LinearIntentClassifier.create(settings, storage, resource, context).train(training_data())
    monkeypatch.setattr(intent_classifier, "load_encoder", NoEncoder)
    loaded = LinearIntentClassifier.load(settings, storage, resource, context)
    assert "other sentence vectors" in caplog.text
    assert parsed(loaded, "需要什么证据").get("intent")["name"] == "ask_evidence"


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "?", "👍🏻", "1" * 2000, "退" * 2000])
def test_odd_text_is_read(text: str, storage: LocalModelStorage, context: ExecutionContext) -> None:
    classifier = trained(LinearIntentClassifier, storage, context)
    products = trained(ProductExtractor, storage, context)
    message = parsed(classifier, text)
    products.process([message])
    assert message.get("intent")["name"]

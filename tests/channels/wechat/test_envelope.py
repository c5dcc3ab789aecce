"""Signatures, encryption, age and repetition of callbacks, against vectors made by others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto

from bot.channels.wechat import envelope as envelope_module
from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.envelope import LARGEST_BODY, WINDOW, Envelope, signature_of
from bot.channels.wechat.errors import Refused
from bot.channels.wechat.inbound import Text, parse
from bot.channels.wechat.nonces import NonceWindow, SignedQuery

# Tencent's sample for WXBizMsgCrypt (mp.weixin.qq.com, 消息加解密, 示例代码).
TENCENT = WeChatAccount(
    key="main",
    app_id="wx2c2769f8efd9abc2",
    app_secret="not-used-here",
    token="spamtest",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
)
TENCENT_QUERY = {
    "signature": "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a",
    "timestamp": "1409735669",
    "nonce": "1320562132",
    "encrypt_type": "aes",
    "msg_signature": "5d197aaffba7e9b25a30732f161a50dee96bd5fa",
}
TENCENT_ENCRYPTED = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2Ld"
    "JF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5V"
    "Tjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCS"
    "UdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9Ghgl"
    "F2PE="
)
TENCENT_OPEN_PART = (
    "<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName><CreateTime>1409735668</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[abcdteT]]></Content>"
    "<MsgId>6054768590064713728</MsgId>"
)


def body_of(encrypted: str = TENCENT_ENCRYPTED, open_part: str = "") -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>{open_part}"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    ).encode()


# wechatpy 1.8.18, tests/test_utils.py, test_check_signature_should_ok.
PLAIN = WeChatAccount(key="plain", app_id="wx49f0ab532d5d035a", app_secret="not-used-here", token="test")
PLAIN_QUERY = {
    "signature": "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff",
    "timestamp": "1410685589",
    "nonce": "test",
}
PLAIN_BODY = (
    "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o_buyer]]></FromUserName>"
    "<CreateTime>1410685589</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[你好]]></Content><MsgId>1</MsgId></xml>"
).encode()


class Clock:
    def __init__(self, timestamp: str) -> None:
        self.now = datetime.fromtimestamp(int(timestamp), timezone.utc)

    def __call__(self) -> datetime:
        return self.now


def tencent(account: WeChatAccount = TENCENT) -> Envelope:
    return Envelope(account, Clock(TENCENT_QUERY["timestamp"]))


def plain() -> Envelope:
    return Envelope(PLAIN, Clock(PLAIN_QUERY["timestamp"]))


def reason(envelope: Envelope, query: Mapping[str, str], body: bytes) -> str:
    with pytest.raises(Refused) as refused:
        envelope.open(query, body)
    return refused.value.reason


def sealed_by_platform(
    xml: str, nonce: str = "42", account: WeChatAccount = TENCENT, app_id: str | None = None
) -> tuple[dict[str, str], bytes]:
    """A callback as wechatpy, standing in for the platform, encrypts and signs it."""
    timestamp = TENCENT_QUERY["timestamp"]
    crypto = WeChatCrypto(account.token, account.aes_key, app_id or account.app_id)
    fields = xmltodict.parse(crypto.encrypt_message(xml, nonce, timestamp))["xml"]
    query = {
        "signature": signature_of(account.token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": fields["MsgSignature"],
    }
    return query, body_of(fields["Encrypt"])


# -- vectors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("open_part", ["", TENCENT_OPEN_PART], ids=["安全模式", "兼容模式"])
def test_tencents_sample_is_opened(open_part: str) -> None:
    """Origin: Tencent's WXBizMsgCrypt sample (its body is the 兼容模式 one); the same in many public copies."""
    message = parse(tencent().open(TENCENT_QUERY, body_of(open_part=open_part)))
    assert isinstance(message, Text)
    assert message.text == "abcdteT"
    assert (message.openid, message.key) == ("oyORnuP8q7ou2gfYjqLzSIWZf0rs", "6054768590064713728")


def test_the_open_copy_beside_the_ciphertext_does_not_count() -> None:
    forged = TENCENT_OPEN_PART.replace("abcdteT", "forged")
    message = parse(tencent().open(TENCENT_QUERY, body_of(open_part=forged)))
    assert isinstance(message, Text) and message.text == "abcdteT"


def test_wechatpys_plain_signature_is_accepted() -> None:
    """Origin: wechatpy 1.8.18, tests/test_utils.py."""
    assert plain().open(PLAIN_QUERY, PLAIN_BODY) == PLAIN_BODY
    assert signature_of("test", "1410685589", "test") == PLAIN_QUERY["signature"]


def test_an_answer_is_sealed_byte_for_byte_like_wechatpys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Origin: wechatpy 1.8.18, tests/test_crypto.py, test_encrypt_message (its random characters are fixed)."""
    account = WeChatAccount(
        key="main",
        app_id="wx49f0ab532d5d035a",
        app_secret="not-used-here",
        token="123456",
        aes_key="kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR",
    )
    reply = """<xml>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[test]]></Content>
<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>
<ToUserName><![CDATA[messense]]></ToUserName>
<AgentID>1</AgentID>
<CreateTime>1411525903</CreateTime>
</xml>"""
    monkeypatch.setattr(envelope_module._Cipher, "get_random_string", lambda _: "1234567890123456")
    sealed = Envelope(account, Clock("1411525903")).seal(reply, "461056294")
    assert (
        sealed
        == """<xml>
<Encrypt><![CDATA[9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8\
GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0\
oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1v\
Wwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3]]></Encrypt>
<MsgSignature><![CDATA[407518b7649e86ef23978113f92d27afa9296533]]></MsgSignature>
<TimeStamp>1411525903</TimeStamp>
<Nonce><![CDATA[461056294]]></Nonce>
</xml>"""
    )


# -- answers ------------------------------------------------------------------------------------------


def test_the_platform_can_open_what_is_sealed() -> None:
    sealed = tencent().seal("<xml><Content>您好，&amp; 👋</Content></xml>", "nonce1")
    fields = xmltodict.parse(sealed)["xml"]
    crypto = WeChatCrypto(TENCENT.token, TENCENT.aes_key, TENCENT.app_id)
    opened = crypto.decrypt_message(sealed, fields["MsgSignature"], fields["TimeStamp"], "nonce1")
    assert opened == "<xml><Content>您好，&amp; 👋</Content></xml>"


def test_no_two_sealed_answers_are_alike() -> None:
    envelope = tencent()
    assert len({envelope.seal("<xml/>", "1") for _ in range(20)}) == 20


def test_a_plain_account_answers_openly() -> None:
    assert plain().seal("<xml>您好</xml>", "1") == "<xml>您好</xml>"


# -- the console's check ------------------------------------------------------------------------------


def test_the_echo_is_given_back_to_who_signed() -> None:
    assert plain().check_echo({**PLAIN_QUERY, "echostr": "5927782489442352469"}) == "5927782489442352469"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"echostr": "<script>alert(1)</script>"}, "missing_field"),
        ({"echostr": ""}, "missing_field"),
        ({"echostr": "1" * 257}, "missing_field"),
        ({"signature": "f" * 40}, "bad_signature"),
        ({"timestamp": "1410685590"}, "bad_signature"),
        ({"nonce": "test2"}, "bad_signature"),
    ],
)
def test_an_echo_that_is_refused(change: dict[str, str], why: str) -> None:
    with pytest.raises(Refused) as refused:
        plain().check_echo({**PLAIN_QUERY, "echostr": "123", **change})
    assert refused.value.reason == why


def test_an_echo_is_not_given_for_another_text_under_the_same_signature() -> None:
    envelope = plain()
    assert envelope.check_echo({**PLAIN_QUERY, "echostr": "123"}) == "123"
    assert envelope.check_echo({**PLAIN_QUERY, "echostr": "123"}) == "123"
    with pytest.raises(Refused, match="replayed"):
        envelope.check_echo({**PLAIN_QUERY, "echostr": "456"})


# -- tampering ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce", "msg_signature"])
@pytest.mark.parametrize("value", [None, "", "'\"<", "１２３", "é" * 40, "\ud800", ["a"]])
def test_a_query_field_that_cannot_be_right(name: str, value: object) -> None:
    query = {key: given for key, given in {**TENCENT_QUERY, name: value}.items() if given is not None}
    assert reason(tencent(), query, body_of()) == "missing_field"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"signature": "0" + TENCENT_QUERY["signature"][1:]}, "bad_signature"),
        ({"timestamp": "1409735670"}, "bad_signature"),
        ({"nonce": "1320562133"}, "bad_signature"),
        ({"msg_signature": "0" + TENCENT_QUERY["msg_signature"][1:]}, "bad_msg_signature"),
        ({"msg_signature": TENCENT_QUERY["signature"]}, "bad_msg_signature"),
        ({"signature": TENCENT_QUERY["msg_signature"]}, "bad_signature"),
        ({"encrypt_type": "raw"}, "plaintext"),
        ({"encrypt_type": ""}, "plaintext"),
    ],
)
def test_a_changed_query_is_refused(change: dict[str, str], why: str) -> None:
    assert reason(tencent(), {**TENCENT_QUERY, **change}, body_of()) == why


@pytest.mark.parametrize("at", range(0, len(TENCENT_ENCRYPTED), 37))
def test_changed_ciphertext_is_refused(at: int) -> None:
    other = "A" if TENCENT_ENCRYPTED[at] != "A" else "B"
    changed = TENCENT_ENCRYPTED[:at] + other + TENCENT_ENCRYPTED[at + 1 :]
    assert reason(tencent(), TENCENT_QUERY, body_of(changed)) == "bad_msg_signature"


@pytest.mark.parametrize("account", [replace(TENCENT, token="spamtesu"), replace(PLAIN, token="tesu")])
def test_another_token(account: WeChatAccount) -> None:
    query = TENCENT_QUERY if account.aes_key else PLAIN_QUERY
    envelope = Envelope(account, Clock(query["timestamp"]))
    assert reason(envelope, query, body_of()) == "bad_signature"


def test_an_open_message_to_an_encrypting_account_is_refused() -> None:
    query = {name: TENCENT_QUERY[name] for name in ("signature", "timestamp", "nonce")}
    assert reason(tencent(), query, PLAIN_BODY) == "plaintext"
    assert reason(tencent(), TENCENT_QUERY, PLAIN_BODY) == "plaintext"


def test_an_encrypted_message_to_a_plain_account_is_refused() -> None:
    assert reason(tencent(replace(TENCENT, aes_key=None)), TENCENT_QUERY, body_of()) == "no_aes_key"


def test_a_message_for_another_app_is_refused() -> None:
    query, body = sealed_by_platform("<xml/>", app_id="wx49f0ab532d5d035a")
    assert reason(tencent(), query, body) == "wrong_app_id"


@pytest.mark.parametrize(
    "ciphertext",
    [
        b"",
        b"\0",
        b"\0" * 16,
        b"\0" * 32,
        b"\0" * 33,
        b"\xff" * 64,
        PrpCrypto(base64.b64decode(TENCENT.aes_key + "=")).cipher.encrypt(b"\0" * 32),
        PrpCrypto(base64.b64decode(TENCENT.aes_key + "=")).cipher.encrypt(b"\xff" * 64),
    ],
)
def test_signed_nonsense_is_refused(ciphertext: bytes) -> None:
    """Whatever stands in `Encrypt`, and even when it is signed with our token."""
    encrypted = base64.b64encode(ciphertext).decode()
    signature = signature_of(TENCENT.token, TENCENT_QUERY["timestamp"], TENCENT_QUERY["nonce"], encrypted)
    query = {**TENCENT_QUERY, "msg_signature": signature}
    assert reason(tencent(), query, body_of(encrypted)) in ("undecryptable", "wrong_app_id", "plaintext")


# -- age and repetition -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "fine"),
    [
        (timedelta(0), True),
        (WINDOW, True),
        (-WINDOW, True),
        (WINDOW + timedelta(seconds=1), False),
        (-WINDOW - timedelta(seconds=1), False),
        (timedelta(days=3650), False),
    ],
)
def test_the_clocks_may_be_five_minutes_apart(late: timedelta, fine: bool) -> None:
    clock = Clock(TENCENT_QUERY["timestamp"])
    clock.now += late
    envelope = Envelope(TENCENT, clock)
    if fine:
        envelope.open(TENCENT_QUERY, body_of())
    else:
        assert reason(envelope, TENCENT_QUERY, body_of()) == "stale"


def test_the_platforms_own_repetition_passes() -> None:
    envelope = tencent()
    first = envelope.open(TENCENT_QUERY, body_of())
    assert [envelope.open(TENCENT_QUERY, body_of()) for _ in range(3)] == [first] * 3


def test_a_repetition_may_be_encrypted_anew() -> None:
    envelope = tencent()
    deliveries = [sealed_by_platform("<xml>one</xml>") for _ in range(3)]
    assert len({body for _, body in deliveries}) == 3
    assert {envelope.open(query, body) for query, body in deliveries} == {b"<xml>one</xml>"}


def test_a_nonce_serves_for_one_message_only() -> None:
    envelope = plain()
    envelope.open(PLAIN_QUERY, PLAIN_BODY)
    other = PLAIN_BODY.replace("你好".encode(), "退款".encode())
    assert reason(envelope, PLAIN_QUERY, other) == "replayed"
    envelope.open(PLAIN_QUERY, PLAIN_BODY)


def test_refused_callbacks_take_no_room_in_the_memory() -> None:
    envelope = plain()
    for number in range(20):
        reason(envelope, {**PLAIN_QUERY, "nonce": str(number)}, PLAIN_BODY)
    assert reason(envelope, PLAIN_QUERY, b"<xml>") == "broken_xml"
    assert len(envelope._nonces) == 0
    envelope.open(PLAIN_QUERY, PLAIN_BODY)  # the broken body did not use up the nonce


def test_a_nonce_is_remembered_as_long_as_its_timestamp_is_good() -> None:
    clock = Clock(PLAIN_QUERY["timestamp"])
    clock.now -= WINDOW  # the platform's clock is that much ahead
    envelope = Envelope(PLAIN, clock)
    envelope.open(PLAIN_QUERY, PLAIN_BODY)
    clock.now += 2 * WINDOW - timedelta(seconds=1)
    assert reason(envelope, PLAIN_QUERY, b"<xml/>") == "replayed"


def queries(count: int) -> list[SignedQuery]:
    return [SignedQuery("1", str(number), "s") for number in range(count)]


def test_the_memory_forgets_in_time() -> None:
    window = NonceWindow(600)
    for second, query in enumerate(queries(100)):
        assert window.belongs(query, b"a", float(second))
    assert len(window) == 100
    assert window.belongs(SignedQuery("1", "new", "s"), b"a", 650.0)
    assert len(window) == 50  # 49 of the 100 are younger than ten minutes, and the new one


def test_the_memory_is_bounded() -> None:
    window = NonceWindow(600, most=10)
    for query in queries(1000):
        assert window.belongs(query, b"a", 0.0)
        assert len(window) <= 10
    assert not window.belongs(queries(1000)[-1], b"b", 0.0)


# -- bodies that are no messages ----------------------------------------------------------------------

LAUGHS = (
    b'<!DOCTYPE xml [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
    )
    + b"]>"
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<xml>" + b" " * LARGEST_BODY + b"</xml>", "oversize"),
        (b"<" * (LARGEST_BODY + 1), "oversize"),
        (LAUGHS + b"<xml><MsgType>&j;</MsgType></xml>", "doctype"),
        (b'<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>&a;</xml>', "doctype"),
        (b'<!DOCTYPE xml SYSTEM "http://evil.example/x.dtd"><xml/>', "doctype"),
        (b"<!DOCTYPE xml><xml/>", "doctype"),
        (b"<xml>&undefined;</xml>", "broken_xml"),
        (b"<a>" * 9 + b"</a>" * 9, "broken_xml"),
        (b"<a>" * 9000, "broken_xml"),
        (b"", "broken_xml"),
        (b"<xml>", "broken_xml"),
        (b"{}", "broken_xml"),
        (b"<xml>\xff\xfe</xml>", "broken_xml"),
        ("<xml/>".encode("utf-16"), "broken_xml"),
        (b"<xml>\x00</xml>", "broken_xml"),
        (b"<xml/><xml/>", "broken_xml"),
    ],
)
def test_a_body_that_is_no_message(body: bytes, why: str) -> None:
    assert reason(plain(), PLAIN_QUERY, body) == why
    if why != "oversize":
        assert reason(tencent(), TENCENT_QUERY, body) == why
        assert reason(tencent(), *sealed_by_platform_bytes(body)) in (why, "undecryptable")


def sealed_by_platform_bytes(xml: bytes) -> tuple[dict[str, str], bytes]:
    """The same inside the ciphertext, where it is only seen once it is opened."""
    cipher = PrpCrypto(base64.b64decode(TENCENT.aes_key + "="))
    encrypted = cipher.encrypt(xml, TENCENT.app_id).decode()
    parts = sorted((TENCENT.token, TENCENT_QUERY["timestamp"], TENCENT_QUERY["nonce"], encrypted))
    signature = hashlib.sha1("".join(parts).encode()).hexdigest()
    return {**TENCENT_QUERY, "msg_signature": signature}, body_of(encrypted)


def test_a_body_as_large_as_allowed_is_read() -> None:
    room = LARGEST_BODY - len("<xml><Content></Content></xml>")
    body = b"<xml><Content>" + b"x" * room + b"</Content></xml>"
    assert plain().open(PLAIN_QUERY, body) == body


def test_a_refusal_holds_nothing_of_the_request() -> None:
    with pytest.raises(Refused) as refused:
        tencent().open(TENCENT_QUERY, body_of("c2VjcmV0"))
    assert (str(refused.value), refused.value.__cause__) == ("bad_msg_signature", None)

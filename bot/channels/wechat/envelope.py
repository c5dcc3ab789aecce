"""What is around a callback: signatures, age, repetition, encryption. Nothing of it is trusted before this.

Source: developers.weixin.qq.com, 接收消息与事件推送 > 消息加解密. `signature` is the SHA-1 of token, timestamp
and nonce, sorted and joined; `msg_signature` the same with the ciphertext as a fourth. The body is AES-256-CBC
with the padding of PKCS#7 (block 32), inside it 16 random characters, the length, the XML and the app id.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import string
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException
from wechatpy.utils import WeChatSigner

from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.errors import Refused
from bot.channels.wechat.nonces import NonceWindow, SignedQuery
from bot.channels.wechat.xml_fields import read_fields

WINDOW = timedelta(minutes=5)  # how far the platform's clock and ours may be apart
LARGEST_BODY = 64 * 1024  # bytes; the longest callback has a few kB

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_NONCE = re.compile(r"[0-9A-Za-z_\-]{1,128}")  # it is written into our own XML
_SIGNATURE = re.compile(r"[0-9a-f]{40}")
# What is echoed is covered by no signature, so it may not be anything a browser would run.
_ECHO = re.compile(r"[0-9A-Za-z+/=_\-]{1,256}")
_RANDOM_FROM = string.ascii_letters + string.digits
_SEALED = """<xml>
<Encrypt><![CDATA[{encrypted}]]></Encrypt>
<MsgSignature><![CDATA[{signature}]]></MsgSignature>
<TimeStamp>{timestamp}</TimeStamp>
<Nonce><![CDATA[{nonce}]]></Nonce>
</xml>"""


class _Cipher(PrpCrypto):
    """The platform's cipher with unpredictable random characters: the library takes them from `random`."""

    def get_random_string(self) -> str:
        return "".join(secrets.choice(_RANDOM_FROM) for _ in range(16))


def signature_of(*parts: str) -> str:
    """The platform's signature over `parts` (the token first among them), 40 hex digits."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


class Envelope:
    """Opens the callbacks of one account and seals the answers to them."""

    def __init__(self, account: WeChatAccount, clock: Callable[[], datetime]) -> None:
        """Args:
        account: with an `aes_key` only encrypted bodies are taken, without one only plain ones.
        clock: returns an aware datetime.
        """
        self._account = account
        self._clock = clock
        # A query may come WINDOW early and stays good until WINDOW late.
        self._nonces = NonceWindow(2 * WINDOW.total_seconds())
        self._cipher_key = None if account.aes_key is None else base64.b64decode(account.aes_key + "=")

    def check_echo(self, query: Mapping[str, str]) -> str:
        """The text that proves to the console that the address is ours (GET).

        Raises:
            Refused: the query was not signed by this account's platform side lately.
        """
        signed = self._signed(query)
        echo = _field(query, "echostr", _ECHO)
        self._refuse_replay(signed, echo.encode())
        return echo

    def open(self, query: Mapping[str, str], body: bytes) -> bytes:
        """The XML of the message in a callback (POST).

        Args:
            query: of the callback's URL, one value per name.
            body: as received, before any decoding.

        Raises:
            Refused: see `RefusedReason`.
        """
        if len(body) > LARGEST_BODY:
            raise Refused("oversize")
        signed = self._signed(query)
        encrypted = query.get("encrypt_type") == "aes"
        if self._cipher_key is None:
            if encrypted:
                raise Refused("no_aes_key")
            xml = body
        elif encrypted:
            xml = self._decrypted(query, signed, body)
        else:
            raise Refused("plaintext")
        read_fields(xml)
        # The message, not the body: a repetition may come encrypted anew.
        self._refuse_replay(signed, xml)
        return xml

    def seal(self, xml: str, nonce: str) -> str:
        """A passive answer as the platform takes it: encrypted and signed in AES mode, else `xml` itself.

        Args:
            nonce: of the callback that is answered.
        """
        if self._cipher_key is None:
            return xml
        timestamp = str(int(self._clock().timestamp()))
        encrypted = _Cipher(self._cipher_key).encrypt(xml, self._account.app_id).decode()
        signature = signature_of(self._account.token, timestamp, nonce, encrypted)
        return _SEALED.format(encrypted=encrypted, signature=signature, timestamp=timestamp, nonce=nonce)

    def _signed(self, query: Mapping[str, str]) -> SignedQuery:
        """The signed part of the query, once its signature and age are right."""
        timestamp = _field(query, "timestamp", _TIMESTAMP)
        nonce = _field(query, "nonce", _NONCE)
        signature = _field(query, "signature", _SIGNATURE)
        if not hmac.compare_digest(signature_of(self._account.token, timestamp, nonce), signature):
            raise Refused("bad_signature")
        if abs(self._clock().timestamp() - int(timestamp)) > WINDOW.total_seconds():
            raise Refused("stale")
        return SignedQuery(timestamp, nonce, signature)

    def _decrypted(self, query: Mapping[str, str], signed: SignedQuery, body: bytes) -> bytes:
        """The message inside `body`. In 兼容模式 it also stands there in the open: that copy is not looked at."""
        msg_signature = _field(query, "msg_signature", _SIGNATURE)
        encrypted = read_fields(body).get("Encrypt")
        if not encrypted:
            raise Refused("plaintext")
        expected = signature_of(self._account.token, signed.timestamp, signed.nonce, encrypted)
        if not hmac.compare_digest(expected, msg_signature):
            raise Refused("bad_msg_signature")
        try:
            return str(_Cipher(self._cipher_key).decrypt(encrypted, self._account.app_id)).encode()
        except InvalidAppIdException:
            raise Refused("wrong_app_id") from None
        except Exception:
            # The library checks neither padding nor lengths: bad ciphertext ends in whatever error comes first.
            raise Refused("undecryptable") from None

    def _refuse_replay(self, signed: SignedQuery, content: bytes) -> None:
        if not self._nonces.belongs(signed, content, self._clock().timestamp()):
            raise Refused("replayed")


def _field(query: Mapping[str, str], name: str, form: re.Pattern[str]) -> str:
    value = query.get(name)
    if not isinstance(value, str) or form.fullmatch(value) is None:
        raise Refused("missing_field")
    return value

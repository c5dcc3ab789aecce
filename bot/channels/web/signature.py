"""Tokens of the web channel: who a request comes from is only what we have signed ourselves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt

ALGORITHM = "HS256"
AUDIENCE = "web-session"
RESUME_AUDIENCE = "web-resume"
MIN_SECRET = 32  # bytes; RFC 7518 §3.2 for HS256


class BadToken(Exception):
    """Forged, expired, or made for something else."""


def new_session_id() -> str:
    """A session id that cannot be guessed; it is also the conversation id."""
    return "web-" + secrets.token_urlsafe(18)


class SessionSigner:
    """Signs and checks session tokens (JWT, HS256; `sub` is the session id)."""

    def __init__(
        self, secret: str, clock: Callable[[], datetime], lifetime: timedelta = timedelta(hours=24)
    ) -> None:
        if len(secret.encode()) < MIN_SECRET:
            raise ValueError(f"the session secret must have at least {MIN_SECRET} bytes")
        self._secret = secret
        self._clock = clock
        self.lifetime = lifetime

    def issue(self, session_id: str) -> str:
        """A token for `session_id`, valid for `lifetime` from now."""
        now = int(self._clock().timestamp())
        expires = now + int(self.lifetime.total_seconds())
        claims = {"sub": session_id, "aud": AUDIENCE, "iat": now, "exp": expires}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def verify(self, token: str, grace: timedelta = timedelta(0)) -> tuple[str, datetime]:
        """(session id, end of validity). `grace` lets a token that ended that recently pass. Raises BadToken."""
        claims = _claims(token, self._secret, AUDIENCE, self._clock, grace)
        return claims["sub"], datetime.fromtimestamp(claims["exp"], self._clock().tzinfo)


class ResumeLinks:
    """Signs links that open a conversation of another channel on the web page (JWT, HS256; `sub` names it).

    Of its own audience: such a token is no session token, it can only be exchanged for one.
    """

    def __init__(
        self, secret: str, clock: Callable[[], datetime], lifetime: timedelta = timedelta(hours=24)
    ) -> None:
        self._secret = secret
        self._clock = clock
        self._lifetime = lifetime

    def issue(self, conversation_id: str) -> str:
        """A token for `/widget/#resume=<token>`, valid for `lifetime` from now."""
        now = int(self._clock().timestamp())
        expires = now + int(self._lifetime.total_seconds())
        claims = {"sub": conversation_id, "aud": RESUME_AUDIENCE, "iat": now, "exp": expires}
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def verify(self, token: str) -> str:
        """The conversation id. Raises BadToken."""
        conversation_id: str = _claims(token, self._secret, RESUME_AUDIENCE, self._clock)["sub"]
        return conversation_id


class IdentityKeys:
    """Checks what a shop's own server states about its signed-in buyer (one HS256 key per site)."""

    def __init__(self, keys: Mapping[str, str], secret: str, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._secret = secret.encode()
        self._clock = clock

    def session_id(self, site: str, token: str) -> str:
        """The same session id for the same buyer of the same site. Raises BadToken."""
        key = self._keys.get(site)
        if key is None:
            raise BadToken("unknown site")
        claims = _claims(token, key, site, self._clock)
        mac = hmac.new(self._secret, f"identity|{site}|{claims['sub']}".encode(), hashlib.sha256)
        return "web-u" + mac.hexdigest()[:40]


def _claims(
    token: str, key: str, audience: str, clock: Callable[[], datetime], grace: timedelta = timedelta(0)
) -> dict[str, Any]:
    options: Any = {"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False}
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[ALGORITHM], audience=audience, options=options
        )
        expires = float(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError) as error:
        raise BadToken(type(error).__name__) from error
    # Our own clock, so that tests can move it and all parts agree on what "now" is.
    if (
        expires + grace.total_seconds() <= clock().timestamp()
        or not claims["sub"]
        or not isinstance(claims["sub"], str)
    ):
        raise BadToken("expired")
    return claims


class LinkSigner:
    """Signs links to thumbnails: an <img> cannot send the session token."""

    def __init__(
        self, secret: str, clock: Callable[[], datetime], lifetime: timedelta = timedelta(hours=24)
    ) -> None:
        self._key = hmac.new(secret.encode(), b"thumbnail links", hashlib.sha256).digest()
        self._clock = clock
        self._lifetime = lifetime

    def sign(self, conversation_id: str, evidence_id: str) -> str:
        """A signature that names the conversation and its end of validity."""
        expires = str(int((self._clock() + self._lifetime).timestamp()))
        who = base64.urlsafe_b64encode(conversation_id.encode()).decode().rstrip("=")
        return f"{who}.{expires}.{self._mac(who, expires, evidence_id)}"

    def verify(self, signature: str, evidence_id: str) -> str:
        """The conversation id that the link was made for. Raises BadToken."""
        who, _, rest = signature.partition(".")
        expires, _, mac = rest.partition(".")
        if not hmac.compare_digest(
            self._mac(who, expires, evidence_id).encode(), mac.encode("utf-8", "replace")
        ):
            raise BadToken("forged link")
        if int(expires) <= self._clock().timestamp():
            raise BadToken("expired link")
        return base64.urlsafe_b64decode(who + "=" * (-len(who) % 4)).decode()

    def _mac(self, who: str, expires: str, evidence_id: str) -> str:
        text = f"{who}|{expires}|{evidence_id}".encode("utf-8", "replace")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()

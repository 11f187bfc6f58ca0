"""Whether a request really comes from Twilio (https://www.twilio.com/docs/usage/security)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

_TOKEN_S = 120  # a media stream is opened within seconds after its TwiML


class Signatures:
    """Checks against the public URL, whatever proxy is in front, and the account's auth token."""

    def __init__(self, public_url: str, auth_token: str, secret_key: str) -> None:
        self._public_url = public_url
        self._validator = RequestValidator(auth_token)
        self._secret = secret_key.encode()

    def webhook(self, path_and_query: str, form: Mapping[str, object], signature: str) -> bool:
        """Whether a webhook's signature is right. `form` holds every field received, for a GET it is empty."""
        return bool(self._validator.validate(self._public_url + path_and_query, form, signature))

    def stream(self, path: str, signature: str) -> bool:
        """Whether the signature of a media stream's upgrade is right.

        Twilio signs the wss URL, with or without the port and with or without a slash at the end; the library's
        own port rule knows only https, so each form is tried.
        """
        return any(self._validator.validate(url, {}, signature) for url in self._stream_urls(path))

    def stream_url(self, path: str) -> str:
        """The wss (or, on a machine of one's own, ws) address of a path."""
        scheme, rest = self._public_url.split("://", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}{path}"

    def _stream_urls(self, path: str) -> list[str]:
        url = self.stream_url(path)
        parts = urlsplit(url)
        urls = [url, url + "/"]
        if parts.scheme == "wss" and parts.port in (None, 443):
            with_port = url.replace(parts.netloc, f"{parts.hostname}:443", 1)
            urls += [with_port, with_port + "/", url.replace(":443", "", 1), url.replace(":443", "", 1) + "/"]
        return urls

    def token(self, sid: str, question: str) -> str:
        """A token for one media stream of one call: it names the call, the question and its time, and is signed."""
        text = f"{sid}.{question}.{int(time.time())}"
        return f"{text}.{self._sign(text)}"

    def token_is_right(self, token: str, sid: str) -> bool:
        """Whether the token was made here for this call, not long ago."""
        text, _, mark = token.rpartition(".")
        parts = text.split(".")
        if len(parts) != 3 or parts[0] != sid or not parts[2].isdecimal():
            return False
        fresh = 0 <= time.time() - int(parts[2]) <= _TOKEN_S
        return fresh and hmac.compare_digest(mark, self._sign(text))

    def _sign(self, text: str) -> str:
        digest = hmac.new(self._secret, b"stream:" + text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()

"""Twilio as an HTTP client: signed requests, its time limits, retries and redirects."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import requests

BODY_LIMIT = 64 * 1024  # bytes of TwiML; sound may be larger
SOUND_LIMIT = 32 * 1024 * 1024
REDIRECTS = 10
RETRIEVAL_FAILED, CONNECTION_FAILED, TOO_MANY_REDIRECTS, BAD_URL = 11200, 11205, 11215, 11100


class WebhookFailed(Exception):
    """A request that gave no usable answer; `code` is Twilio's error code."""

    def __init__(self, code: int, url: str, reason: str) -> None:
        super().__init__(f"{code}: {url}: {reason}")
        self.code = code
        self.url = url
        self.reason = reason


@dataclass(frozen=True)
class Reply:
    """A 2xx answer. `url` is where it came from after redirects."""

    url: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Limits:
    """Seconds and retries, from the overrides in a URL's fragment (`#rt=3000&rc=2&rp=ct,rt,5xx`)."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    @classmethod
    def of(cls, fragment: str) -> Limits:
        """The defaults with what the fragment overrides."""
        given = dict(parse_qsl(fragment))
        return cls(
            connect=_bounded(given.get("ct"), 100, 10_000, 5000) / 1000,
            read=_bounded(given.get("rt"), 100, 15_000, 15_000) / 1000,
            total=_bounded(given.get("tt"), 100, 15_000, 15_000) / 1000,
            retries=_bounded(given.get("rc"), 0, 5, 1),
            retry_on=frozenset(given.get("rp", "ct").split(",")),
        )


def _bounded(text: str | None, least: int, most: int, default: int) -> int:
    return min(max(int(text), least), most) if text and text.isdecimal() else default


def signature(token: str, url: str, params: Mapping[str, str] | None = None) -> str:
    """The value of X-Twilio-Signature: of the URL, followed by each field's name and value in order of name."""
    text = url + "".join(name + value for name, value in sorted((params or {}).items()))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Webhooks:
    """The requests of one call: cookies that the server sets are returned to it."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._session = requests.Session()
        self._session.trust_env = False  # loopback: no proxy of the environment's
        self._session.headers.update({"User-Agent": "TwilioProxy/1.1", "Accept": "*/*"})

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def request(self, url: str, params: Mapping[str, str], method: str = "POST", limit: int = BODY_LIMIT) -> Reply:
        """The answer to a signed request. Raises WebhookFailed."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname:
            raise WebhookFailed(BAD_URL, url, "is not an address that can be requested")
        limits = Limits.of(parts.fragment)
        deadline = time.monotonic() + limits.total
        token = secrets.token_hex(16)
        for attempt in range(limits.retries + 1):
            try:
                return self._follow(url, params, method.upper(), limits, deadline, token, limit)
            except _Retriable as fault:
                last = attempt == limits.retries or time.monotonic() >= deadline
                if last or not limits.retry_on & {fault.kind, "all"}:
                    raise fault.failure from None
        raise AssertionError("unreachable")

    def _follow(
        self,
        url: str,
        params: Mapping[str, str],
        method: str,
        limits: Limits,
        deadline: float,
        token: str,
        limit: int,
    ) -> Reply:
        fields = dict(params)
        for _ in range(REDIRECTS + 1):
            with self._send(url, fields, method, limits, deadline, token) as response:
                if response.is_redirect:
                    if response.status_code not in (307, 308) and method == "POST":
                        method, fields = "GET", {}  # the fields are lost, as they are with Twilio
                    url = urljoin(url, response.headers["Location"])
                    continue
                if not 200 <= response.status_code < 300:
                    failure = WebhookFailed(RETRIEVAL_FAILED, url, f"answered {response.status_code}")
                    raise _Retriable(f"{response.status_code // 100}xx", failure)
                kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return Reply(url, kind, _body(response, url, deadline, limit))
        raise WebhookFailed(TOO_MANY_REDIRECTS, url, "redirects more than 10 times")

    def _send(
        self, url: str, fields: dict[str, str], method: str, limits: Limits, deadline: float, token: str
    ) -> requests.Response:
        target = _with_query(url, fields) if method == "GET" else urlunsplit(urlsplit(url)._replace(fragment=""))
        signed = {} if method == "GET" else fields
        headers = {"X-Twilio-Signature": signature(self._token, target, signed), "I-Twilio-Idempotency-Token": token}
        data = None
        if method != "GET":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
            data = urlencode(fields)
        left = max(0.05, deadline - time.monotonic())
        try:
            return self._session.request(
                method,
                target,
                data=data,
                headers=headers,
                allow_redirects=False,
                stream=True,
                timeout=(min(limits.connect, left), min(limits.read, left)),
            )
        except requests.ReadTimeout:
            raise _Retriable("rt", WebhookFailed(RETRIEVAL_FAILED, url, "did not answer in time")) from None
        except requests.ConnectionError as fault:
            raise _Retriable("ct", WebhookFailed(CONNECTION_FAILED, url, f"no connection ({fault})")) from None
        except requests.RequestException as fault:
            raise WebhookFailed(RETRIEVAL_FAILED, url, str(fault)) from None


class _Retriable(Exception):
    def __init__(self, kind: str, failure: WebhookFailed) -> None:
        super().__init__(str(failure))
        self.kind = kind
        self.failure = failure


def _with_query(url: str, fields: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(fields)) if part)
    return urlunsplit(parts._replace(query=query, fragment=""))


def _body(response: requests.Response, url: str, deadline: float, limit: int) -> bytes:
    body = b""
    try:
        for piece in response.iter_content(16_384):
            body += piece
            if len(body) > limit:
                raise WebhookFailed(RETRIEVAL_FAILED, url, f"is larger than {limit} bytes")
            if time.monotonic() > deadline:
                raise WebhookFailed(RETRIEVAL_FAILED, url, "did not answer in time")
    except requests.RequestException as fault:
        raise WebhookFailed(RETRIEVAL_FAILED, url, f"broke off ({fault})") from None
    return body

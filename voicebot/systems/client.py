"""One request to another system: answered within the time limit as a whole, or told why not.

The libraries' time limits are for each piece of an answer, so a thread of its own waits for it; who asked goes on when
the time is over. Nothing here tells an address or an answer in an error: both hold personal data.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Literal, NamedTuple

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

logging.getLogger("urllib3").setLevel(logging.INFO)  # at DEBUG it writes whole addresses

Reason = Literal["slow", "unreachable", "untrusted", "busy", "too_large"]
AT_ONCE = 16  # requests of one client, others wait; one that has gone astray counts until it ends
_LARGEST = 1_000_000  # bytes of an answer
_PIECE = 16_384


class Unanswered(Exception):
    """There was no answer, or none that can be read in full."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Answer(NamedTuple):
    """What came back, whatever its status."""

    status: int
    body: bytes


class _Headers(AuthBase):
    """Our own headers and no others: without this, requests would look into ~/.netrc."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request


class Client:
    """Asks one system. Certificates are always verified, and nobody is sent on to another address."""

    def __init__(self) -> None:
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=AT_ONCE))
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def ask(
        self, method: str, url: str, *, headers: Mapping[str, str], limit_s: float, body: bytes | None = None
    ) -> Answer:
        """The answer. Raises Unanswered."""
        ends = monotonic() + limit_s
        if not self._places.acquire(timeout=limit_s):
            raise Unanswered("busy")
        outcome: SimpleQueue[Answer | Unanswered] = SimpleQueue()

        def exchange() -> None:
            try:
                outcome.put(self._exchange(method, url, headers, body, ends))
            finally:
                self._places.release()

        threading.Thread(target=exchange, name="other-system", daemon=True).start()
        return _in_time(outcome.get, max(0.0, ends - monotonic()))

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, ends: float
    ) -> Answer | Unanswered:
        left = max(0.01, ends - monotonic())
        try:
            with self._session.request(
                method, url, data=body, auth=_Headers(headers), timeout=left, stream=True, allow_redirects=False
            ) as answer:
                return _read(answer, ends)
        except requests.exceptions.SSLError:
            return Unanswered("untrusted")
        except Exception:  # a piece that comes too late is told as a connection that broke
            return Unanswered("slow" if monotonic() >= ends else "unreachable")


def _read(answer: requests.Response, ends: float) -> Answer | Unanswered:
    read = bytearray()
    for piece in answer.iter_content(_PIECE):
        read += piece
        if len(read) > _LARGEST:
            return Unanswered("too_large")
        if monotonic() > ends:
            return Unanswered("slow")
    return Answer(answer.status_code, bytes(read))


def _in_time(get: Callable[..., Answer | Unanswered], left_s: float) -> Answer:
    try:
        outcome = get(timeout=left_s)
    except Empty:
        raise Unanswered("slow") from None
    if isinstance(outcome, Unanswered):
        raise outcome
    return outcome

"""Twilio's REST API: what we ask of the telephone network, with timeouts, retries and a circuit breaker."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.util.retry import Retry

from voicebot.breaker import Breaker
from voicebot.directory.numbers import masked
from voicebot.errors import InputError
from voicebot.routing.carrier import CarrierError, Placed
from voicebot.settings import Settings

# Seconds to connect and to answer. Quick: somebody waits on the line, and there is another way to help them.
QUICK_S, PATIENT_S = (1.0, 2.0), (2.0, 5.0)
# Twilio never began a request that it answered with 429, and everything sent with this may be repeated.
_RETRIES = Retry(
    total=3,
    backoff_factor=0.3,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,
    respect_retry_after_header=True,
    backoff_max=2,
    raise_on_status=False,
)
_ONCE = Retry(0, read=False)  # a telephone must not ring twice
_TRANSIENT = (408, 429)  # of the refusals below 500, those that pass
_NOT_LIVE = 21220  # the leg is not in progress
_EVENTS = ["initiated", "ringing", "answered", "completed"]
_ROOMS = 2000  # conferences whose SIDs are remembered
_FAILURES = (TwilioException, requests.RequestException, ValueError)  # ValueError: an answer that is not JSON

Answer = TypeVar("Answer")


class Twilio:
    """The real carrier. `monotonic` tells the time for the circuit breaker, in seconds."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._quick = _client(settings, QUICK_S, _ONCE)
        self._patient = _client(settings, PATIENT_S, _RETRIES)
        self._monotonic = monotonic
        self._breaker = Breaker()
        self._rooms: dict[str, str] = {}  # conference SIDs by name

    def ring(self, *, to: str, from_: str, url: str, status: str, timeout_s: int, machine: str = "") -> Placed:
        """See Carrier."""
        asked = {
            "to": f"client:{to.removeprefix('browser:')}" if to.startswith("browser:") else to,
            "from_": from_,
            "url": url,
            "method": "POST",
            "status_callback": status,
            "status_callback_method": "POST",
            "status_callback_event": _EVENTS,
            "timeout": timeout_s,
        }
        if machine:
            asked |= {
                "machine_detection": "Enable",
                "async_amd": "true",
                "async_amd_status_callback": machine,
                "async_amd_status_callback_method": "POST",
            }
        placed = self._quickly(f"ring {masked(to)}", lambda twilio: twilio.calls.create(**asked))
        return Placed(str(placed.sid), int(placed.queue_time or 0))

    def move(self, sid: str, url: str) -> bool:
        """See Carrier."""
        return self._quickly(
            f"move leg {sid}", lambda twilio: _done(lambda: twilio.calls(sid).update(url=url, method="POST"))
        )

    def end_leg(self, sid: str) -> None:
        """See Carrier."""
        self._patiently(
            f"end leg {sid}", lambda twilio: _done(lambda: twilio.calls(sid).update(status="completed"), (400,))
        )

    def change_participant(
        self,
        room: str,
        leg: str,
        *,
        muted: bool | None = None,
        hold: bool | None = None,
        hold_url: str = "",
        coaches: str | None = None,
        ends_room: bool | None = None,
    ) -> bool:
        """See Carrier."""
        changes: dict[str, object] = {"muted": muted, "hold": hold, "end_conference_on_exit": ends_room}
        if hold and hold_url:
            changes |= {"hold_url": hold_url, "hold_method": "POST"}
        if coaches is not None:
            changes |= {"coaching": bool(coaches), "call_sid_to_coach": coaches or None}
        asked = {name: value for name, value in changes.items() if value is not None}
        return self._quickly(
            f"change participant {leg}",
            lambda twilio: self._in_room(twilio, room, lambda found: found.participants(leg).update(**asked)),
        )

    def put_out(self, room: str, leg: str) -> bool:
        """See Carrier."""
        return self._patiently(
            f"put out participant {leg}",
            lambda twilio: self._in_room(twilio, room, lambda found: found.participants(leg).delete()),
        )

    def end_room(self, room: str) -> bool:
        """See Carrier."""

        def end(twilio: Client) -> bool:
            found = self._find(twilio, room)  # anew: one that is over may be told to end without an error
            return found is not None and _done(lambda: twilio.conferences(found).update(status="completed"))

        return self._patiently(f"end conference {room}", end)

    def point_number(self, number: str, voice: str, fallback: str, status: str) -> None:
        """See Carrier."""

        def point(twilio: Client) -> None:
            found = twilio.incoming_phone_numbers.list(phone_number=number, limit=1)
            if not found:
                raise InputError(f"{number} is not a number of this Twilio account: buy it there, or check the account")
            found[0].update(
                voice_url=voice,
                voice_method="POST",
                voice_fallback_url=fallback,
                voice_fallback_method="POST",
                status_callback=status,
                status_callback_method="POST",
            )

        self._patiently("point the number at the bot", point)

    def _in_room(self, twilio: Client, room: str, do: Callable[[Any], object]) -> bool:
        """Do something to a participant of the conference of this name, by the SID that was right the last time."""
        known = self._rooms.get(room)
        if known and _done(lambda: do(twilio.conferences(known))):
            return True
        found = self._find(twilio, room)
        return found not in (None, known) and _done(lambda: do(twilio.conferences(found)))

    def _find(self, twilio: Client, room: str) -> str | None:
        """The SID of the conference of this name that is not over; one that has not started has a status of its own."""
        named = twilio.conferences.list(friendly_name=room, limit=20)
        found = next((str(one.sid) for one in named if one.status != "completed"), None)
        if len(self._rooms) >= _ROOMS:
            self._rooms.clear()
        if found is not None:
            self._rooms[room] = found
        return found

    def _quickly(self, what: str, do: Callable[[Client], Answer]) -> Answer:
        if not self._breaker.admits(self._monotonic()):
            raise CarrierError(f"Twilio was not asked to {what}: it has not answered lately", permanent=False)
        try:
            answer = do(self._quick)
        except _FAILURES as error:
            problem = _problem(what, error)
            # Who refuses for good has answered.
            self._breaker.record(self._monotonic(), worked=problem.permanent)
            raise problem from error
        self._breaker.record(self._monotonic(), worked=True)
        return answer

    def _patiently(self, what: str, do: Callable[[Client], Answer]) -> Answer:
        try:
            return do(self._patient)
        except _FAILURES as error:
            raise _problem(what, error) from error


def _done(do: Callable[[], object], over: tuple[int, ...] = ()) -> bool:
    """Whether it could be done; False when what it was about is over, which the statuses in `over` say too."""
    try:
        do()
    except TwilioException as error:
        status, code = getattr(error, "status", 0), getattr(error, "code", 0)
        if status == 404 or code == _NOT_LIVE or status in over:
            return False
        raise
    return True


def _problem(what: str, error: Exception) -> CarrierError:
    """The error for what we wanted of Twilio, fit for the log."""
    status = getattr(error, "status", None)
    if status is None:
        return CarrierError(f"Twilio could not be reached to {what}: {_fit_for_log(str(error))}", permanent=False)
    told = getattr(error, "msg", "") or getattr(error, "title", "")
    message = f"Twilio did not {what}: {_fit_for_log(told)} (code {getattr(error, 'code', status)})"
    return CarrierError(message, permanent=status < 500 and status not in _TRANSIENT)


def _fit_for_log(text: str) -> str:
    """Without telephone numbers and the account."""
    text = re.sub(r"AC[0-9a-f]{32}", "AC••••", text)
    return re.sub(r"(?<!\w)(?:\+|%2B)?[0-9]{7,15}(?!\w)", lambda number: masked(number[0]), text)


def _client(settings: Settings, timeout_s: tuple[float, float], retries: Retry) -> Client:
    user = settings.twilio_api_key_sid or settings.twilio_account_sid
    password = settings.twilio_api_key_secret or settings.twilio_auth_token
    http = _Http(settings.twilio_api_url, timeout_s, retries)
    return Client(user, password, settings.twilio_account_sid, http_client=http)


class _Http(HttpClient):  # type: ignore[misc]
    """Sends the Twilio library's requests to TWILIO_API_URL (whatever TWILIO_REGION says), within the limits given."""

    def __init__(self, base: str, timeout_s: tuple[float, float], retries: Retry) -> None:
        super().__init__(None, False, None)
        self._timeout_s = timeout_s
        self._base = urlsplit(base)
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retries, pool_maxsize=20))

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: Any = None,  # noqa: ARG002
        allow_redirects: bool = False,
    ) -> Response:
        url = urlunsplit((self._base.scheme, self._base.netloc, *urlsplit(uri)[2:]))
        answer = self._session.request(
            method.upper(),
            url,
            params=params,
            data=data,
            headers=headers,
            auth=auth,
            timeout=self._timeout_s,
            allow_redirects=allow_redirects,
        )
        return Response(answer.status_code, answer.text, answer.headers)

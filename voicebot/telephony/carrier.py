"""Twilio's REST API: what we ask of the telephone network, with timeouts and retries."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.util.retry import Retry

from voicebot.errors import InputError
from voicebot.settings import Settings

TIMEOUT_S = (2.0, 5.0)  # to connect, to answer: a caller waits meanwhile
# Twilio never began a request that it answered with 429, and everything sent here may be repeated.
_RETRIES = Retry(
    total=3,
    backoff_factor=0.3,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,
    respect_retry_after_header=True,
    backoff_max=2,
    raise_on_status=False,
)


class CarrierError(Exception):
    """Twilio could not be reached or refused. `permanent`: asking again will not help."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class Carrier(Protocol):
    """What the bot asks of the telephone network."""

    def end_leg(self, sid: str) -> None:
        """End a leg, ringing or answered; one that is over already is fine. Raises CarrierError."""

    def point_number(self, number: str, voice: str, fallback: str, status: str) -> None:
        """Let a telephone number call these webhooks. Raises CarrierError, InputError for an unknown number."""


class Twilio:
    """The real carrier."""

    def __init__(self, settings: Settings) -> None:
        user = settings.twilio_api_key_sid or settings.twilio_account_sid
        password = settings.twilio_api_key_secret or settings.twilio_auth_token
        http = _Http(settings.twilio_api_url)
        self._client = Client(user, password, settings.twilio_account_sid, http_client=http)

    def end_leg(self, sid: str) -> None:
        """See Carrier."""
        try:
            self._client.calls(sid).update(status="completed")
        except TwilioRestException as error:
            if error.status in (400, 404):  # over already
                return
            raise CarrierError(f"Twilio did not end leg {sid}: {error.msg}", permanent=error.status < 500) from error
        except (TwilioException, requests.RequestException) as error:
            raise CarrierError(f"Twilio could not be reached to end leg {sid}: {error}", permanent=False) from error

    def point_number(self, number: str, voice: str, fallback: str, status: str) -> None:
        """See Carrier."""
        try:
            found = self._client.incoming_phone_numbers.list(phone_number=number, limit=1)
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
        except TwilioRestException as error:
            raise CarrierError(f"Twilio refused: {error.msg} (code {error.code})", permanent=True) from error
        except (TwilioException, requests.RequestException) as error:
            raise CarrierError(f"Twilio could not be reached: {error}", permanent=False) from error


class _Http(HttpClient):  # type: ignore[misc]
    """Sends the Twilio library's requests to TWILIO_API_URL (whatever TWILIO_REGION says), within our limits."""

    def __init__(self, base: str) -> None:
        super().__init__(None, False, None)
        self._base = urlsplit(base)
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=_RETRIES, pool_maxsize=20))

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
            timeout=TIMEOUT_S,
            allow_redirects=allow_redirects,
        )
        return Response(answer.status_code, answer.text, answer.headers)

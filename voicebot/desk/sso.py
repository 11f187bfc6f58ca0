"""Single sign-on by OpenID Connect: the company's own way to log in, in place of a password of ours.

Authorization code with PKCE, state and nonce; the provider's keys and addresses by discovery. The provider tells who
somebody is, never what they may do here: that is in the records.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import redis
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import Response, session
from joserfc.errors import JoseError
from sqlalchemy import Engine

from voicebot.desk import sessions
from voicebot.records import agents
from voicebot.records.agents import Agent
from voicebot.routing.live import Live

_PATIENCE_S = 5.0  # for each request to the provider
_NAME = "desk"
_SIGNED = ("RS", "PS", "ES", "Ed")  # by a key that the provider alone has
_log = logging.getLogger(__name__)


class Failed(Exception):
    """Nobody came in; `key` is that of the text that says why."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True)
class Provider:
    """Where people log in. `desk` is the address of the desk as browsers know it, `name` what people call this."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    desk: str
    name: str = ""


@dataclass(frozen=True)
class Person:
    """Who the provider says it is. `email` is empty unless the provider has verified it."""

    subject: str
    email: str
    id_token: str = field(repr=False)


class SingleSignOn:
    """The provider as the desk uses it."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._client: Any = FlaskOAuth2App(
            FlaskIntegration(_NAME),
            name=_NAME,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "default_timeout": _PATIENCE_S,
            },
        )

    def begin(self) -> Response:
        """Send the browser to the provider. Raises Failed."""
        for key in [key for key in session if key.startswith("_state_")]:
            session.pop(key)  # of attempts that came to nothing: a cookie has little room
        self._metadata()
        answer: Response = self._asked(lambda: self._client.authorize_redirect(f"{self.provider.desk}/sso/back"))
        return answer

    def back(self) -> Person:
        """Who came back from the provider, by the request that is being answered. Raises Failed."""
        expected = {"iss": [self._metadata()["issuer"]], "aud": [self.provider.client_id]}
        options = {claim: {"essential": True, "values": values} for claim, values in expected.items()}
        token = self._asked(lambda: self._client.authorize_access_token(claims_options=options))
        claims = token.get("userinfo")
        if not claims:  # without `openid` in what the provider granted
            raise Failed("ac_sso_failed")
        return Person(claims["sub"], self._email(claims, token), token["id_token"])

    def leave(self, id_token: str) -> Response | None:
        """Send the browser to where people log out of the provider; None when there is no such place."""
        try:
            if "end_session_endpoint" not in self._metadata():
                return None
        except Failed:
            return None
        then = f"{self.provider.desk}/login"
        address = self._client.create_logout_url(then, id_token or None, client_id=self.provider.client_id)["url"]
        return Response(status=303, headers={"Location": address})

    @property
    def origins(self) -> tuple[str, ...]:
        """The origins to which logging out may lead."""
        known = (self.provider.issuer, self._client.server_metadata.get("end_session_endpoint", ""))
        parts = [urlsplit(address) for address in known if address]
        return tuple(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in parts))

    def _metadata(self) -> dict[str, Any]:
        """What the provider tells of itself. Raises Failed, also when it is another provider than the settings name."""
        found: dict[str, Any] = self._asked(self._client.load_server_metadata)
        if str(found.get("issuer", "")).rstrip("/") != self.provider.issuer.rstrip("/"):
            _log.error("single sign-on: OIDC_ISSUER is not what the provider calls itself")
            found.pop("_loaded_at", None)  # asked again next time
            raise Failed("ac_sso_away")
        known = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        found["id_token_signing_alg_values_supported"] = [name for name in known if name.startswith(_SIGNED)]
        return found

    def _email(self, claims: dict[str, Any], token: dict[str, Any]) -> str:
        """The verified e-mail address; some providers tell it only when they are asked for it."""
        if "email" not in claims and "userinfo_endpoint" in self._metadata():
            more = self._asked(lambda: self._client.userinfo(token=token))
            claims = more if more.get("sub") == claims["sub"] else {}
        return str(claims.get("email", "")) if claims.get("email_verified") is True else ""

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (requests.RequestException, ValueError) as error:
            _log.error("single sign-on: the provider does not answer as it should: %s", type(error).__name__)
            raise Failed("ac_sso_away") from error
        except AuthlibBaseError as error:
            _log.warning("single sign-on: nobody came in: %s", error.error)
            raise Failed("ac_sso_denied" if error.error == "access_denied" else "ac_sso_failed") from error
        except (JoseError, RuntimeError) as error:
            _log.error("single sign-on: what the provider sent is not believed: %s", type(error).__name__)
            raise Failed("ac_sso_failed") from error


def known_as(engine: Engine, person: Person) -> Agent | None:
    """The agent whom this person is, by the provider's subject, else by the e-mail address that it verified."""
    found = agents.by_sso(engine, person.subject)
    if found or not person.email:
        return found
    return agents.by_sso(engine, person.email) or agents.by_sso(engine, person.email.lower())


def keep_token(live: Live, id_token: str) -> None:
    """Keep the token of this session, with which the provider knows who logs out; it has no room in the cookie."""
    with suppress(redis.RedisError):
        live.redis.set(_token(), id_token, ex=sessions.LASTS)


def take_token(live: Live) -> str:
    """The token of this session; empty when it is not known any more."""
    with suppress(redis.RedisError):
        return str(live.redis.getdel(_token()) or "")
    return ""


def _token() -> str:
    return f"session:sso:{session.get('key', '')}"

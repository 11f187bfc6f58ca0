"""What keeps the desk safe: who is logged in, forgery tokens, headers, and where a login may lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, Response
from flask_login import LoginManager, UserMixin
from flask_wtf.csrf import CSRFProtect

from voicebot.desk.softphone import Softphone
from voicebot.records.agents import Agent

_TRIES = 5
_WITHIN = timedelta(minutes=5)
# What Twilio's script talks to: signalling at the nearest edge, and figures of each call. Sound goes by WebRTC.
_TWILIO = (
    "wss://*.twilio.com",
    *(f"https://eventgw.{home}twilio.com" for home in ("", "us1.", "ie1.", "au1.")),
)


class User(UserMixin):  # type: ignore[misc]
    """The agent who is logged in."""

    def __init__(self, agent: Agent) -> None:
        self.id = agent.id
        self.agent = agent


class Attempts:
    """Wrong passwords of the last minutes in this process, by agent and address: five, then a pause."""

    def __init__(self) -> None:
        self._failed: dict[tuple[str, str], list[datetime]] = {}

    def too_many(self, who: tuple[str, str], now: datetime) -> bool:
        """Whether `who` must wait."""
        return len(self._recent(who, now)) >= _TRIES

    def failed(self, who: tuple[str, str], now: datetime) -> None:
        """Note a wrong password."""
        for other in list(self._failed):
            if not self._recent(other, now):
                self._failed.pop(other, None)
        self._failed[who] = [*self._recent(who, now), now]

    def forget(self, who: tuple[str, str]) -> None:
        """The right password was given."""
        self._failed.pop(who, None)

    def _recent(self, who: tuple[str, str], now: datetime) -> list[datetime]:
        return [moment for moment in self._failed.get(who, []) if moment > now - _WITHIN]


def set_up(app: Flask, csrf: CSRFProtect, logins: LoginManager) -> None:
    """Make the app know logins and forgery tokens; only blueprints that call `csrf.protect()` ask for a token."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # Twilio's webhooks are signed instead
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session: a desk stays open all day
    csrf.init_app(app)
    logins.init_app(app, add_context_processor=False)


def socket_origin(origin: str) -> str:
    """The ws: or wss: origin that belongs to an http: or https: one."""
    return "ws" + origin.removeprefix("http") if origin else ""


def with_headers(response: Response, softphone: Softphone) -> Response:
    """Nothing runs that does not come from here or from the stand-in, and nobody frames the desk."""
    own, standin = "'self'", softphone.standin
    twilio = () if standin or softphone.lacks else _TWILIO
    policy = {
        "default-src": ["'none'"],
        "script-src": [own, standin],
        "style-src": [own],
        "img-src": [own],
        "connect-src": [own, standin, socket_origin(standin), *twilio],
        "form-action": [own],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    sources = (f"{name} {' '.join(filter(None, values))}" for name, values in policy.items())
    response.headers["Content-Security-Policy"] = "; ".join(sources)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
    return response


def safe_next(wanted: str | None, home: str) -> str:
    """A page of the desk to go on to: `wanted` when it is one of ours, else `home`."""
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return home
    parts = urlsplit(wanted)
    ours = parts.path == home or parts.path.startswith(home.rstrip("/") + "/")
    return wanted if ours and not parts.scheme and not parts.netloc else home

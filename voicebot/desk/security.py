"""What keeps the desk safe: forgery tokens, headers, and where a login may lead."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, current_app
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from voicebot.desk.softphone import Softphone

_ONE_YEAR_S = 365 * 24 * 3600
_CLOSED = ("camera", "display-capture", "geolocation", "payment", "usb")  # to every page of the desk
# What Twilio's script talks to: signalling at the nearest edge, and figures of each call. Sound goes by WebRTC.
_TWILIO = (
    "wss://*.twilio.com",
    *(f"https://eventgw.{home}twilio.com" for home in ("", "us1.", "ie1.", "au1.")),
)


def set_up(app: Flask, csrf: CSRFProtect, logins: LoginManager) -> None:
    """Make the app know logins and forgery tokens; only blueprints that call `csrf.protect()` ask for a token."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # Twilio's webhooks are signed instead
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)  # as long as the session: a desk stays open all day
    csrf.init_app(app)
    logins.init_app(app, add_context_processor=False)


def socket_origin(origin: str) -> str:
    """The ws: or wss: origin that belongs to an http: or https: one."""
    return "ws" + origin.removeprefix("http") if origin else ""


def with_headers(response: Response, softphone: Softphone, sign_on: Iterable[str] = ()) -> Response:
    """Nothing runs that does not come from here or from the stand-in, and nobody frames the desk or opens it.

    `sign_on` are the origins to which logging out of single sign-on may lead.
    """
    own, standin = "'self'", softphone.standin
    twilio = () if standin or softphone.lacks else _TWILIO
    policy = {
        "default-src": ["'none'"],
        "script-src": [own, standin],
        "style-src": [own],
        "img-src": [own],
        "media-src": [own],
        "connect-src": [own, standin, socket_origin(standin), *twilio],
        "form-action": [own, *sign_on],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    sources = (f"{name} {' '.join(filter(None, values))}" for name, values in policy.items())
    response.headers["Content-Security-Policy"] = "; ".join(sources)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in _CLOSED) + ", microphone=(self)"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR_S}"
    return response


def safe_next(wanted: str | None, home: str) -> str:
    """A page of the desk to go on to: `wanted` when it is one of ours, else `home`."""
    if not wanted or "\\" in wanted or not wanted.isprintable():
        return home
    parts = urlsplit(wanted)
    ours = parts.path == home or parts.path.startswith(home.rstrip("/") + "/")
    return wanted if ours and not parts.scheme and not parts.netloc else home

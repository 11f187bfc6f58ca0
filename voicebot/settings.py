"""Settings from environment variables, checked all at once before anything starts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from voicebot.errors import InputError


@dataclass(frozen=True)
class Settings:
    """What the environment says. Empty strings mean: not set."""

    public_url: str  # the URL Twilio calls, without a slash at the end
    twilio_auth_token: str = field(repr=False)
    secret_key: str = field(repr=False)
    twilio_account_sid: str = ""
    twilio_api_key_sid: str = ""
    twilio_api_key_secret: str = field(default="", repr=False)
    twilio_twiml_app_sid: str = ""
    twilio_api_url: str = "https://api.twilio.com"
    redis_url: str = field(default="", repr=False)  # empty: a private Redis in `data`
    database_url: str = field(default="", repr=False)  # empty: SQLite in `data`
    dialplans: Path = Path("dialplans")
    models: Path = Path("models")
    data: Path = Path(".voicebot")
    systems: Path | None = Path("systems.yaml")  # None: no other systems, whatever is there
    port: int = 8080


def read(environ: Mapping[str, str]) -> Settings:
    """Settings for serving calls.

    Raises InputError with one fault for each variable that is missing or wrong, all at once.
    """
    faults: list[str] = []

    def take(name: str, check: Callable[[str], str | None], default: str | None = None) -> str:
        value = environ.get(name, "").strip()
        if not value and default is not None:
            return default
        fault = check(value) if value else "is not set"
        if fault:
            faults.append(f"{name} {fault}: {_REMEDIES[name]}")
        return value

    dialplans, models, data = folders(environ)
    settings = Settings(
        public_url=take("PUBLIC_URL", _web_address).rstrip("/"),
        twilio_auth_token=take("TWILIO_AUTH_TOKEN", _anything),
        secret_key=take("SECRET_KEY", _long_enough),
        twilio_account_sid=take("TWILIO_ACCOUNT_SID", _sid("AC")),
        twilio_api_key_sid=take("TWILIO_API_KEY_SID", _sid("SK"), ""),
        twilio_api_key_secret=take("TWILIO_API_KEY_SECRET", _anything, ""),
        twilio_twiml_app_sid=take("TWILIO_TWIML_APP_SID", _sid("AP"), ""),
        twilio_api_url=take("TWILIO_API_URL", _web_address, "https://api.twilio.com").rstrip("/"),
        redis_url=take("REDIS_URL", _redis_url, ""),
        database_url=database_url(take("DATABASE_URL", _database_url, "")),
        port=_number(take("PORT", _port, "8080")),
        dialplans=dialplans,
        models=models,
        data=data,
        systems=systems_file(environ),
    )
    if bool(settings.twilio_api_key_sid) != bool(settings.twilio_api_key_secret):
        faults.append("TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET belong together: set both or neither")
    if faults:
        raise InputError.of(faults)
    return settings


def folders(environ: Mapping[str, str]) -> tuple[Path, Path, Path]:
    """The folders of dialplans, models and data, which commands need that serve no calls."""
    return (
        Path(environ.get("VOICEBOT_DIALPLANS") or "dialplans"),
        Path(environ.get("VOICEBOT_MODELS") or "models"),
        Path(environ.get("VOICEBOT_DATA") or ".voicebot"),
    )


def systems_file(environ: Mapping[str, str]) -> Path:
    """The file that tells of other people's systems."""
    return Path(environ.get("VOICEBOT_SYSTEMS") or "systems.yaml")


def local(
    environ: Mapping[str, str], *, public_url: str, account_sid: str, auth_token: str, api_url: str, data: Path
) -> Settings:
    """Settings for a stand-in of Twilio on this machine, at `api_url`, with dialplans and models of the environment.

    Redis and database are always the embedded ones in `data`, and other systems are neither asked nor told: simulated
    calls touch no real customer's file.
    """
    dialplans, models, _ = folders(environ)
    return Settings(
        public_url=public_url,
        twilio_auth_token=auth_token,
        twilio_account_sid=account_sid,
        twilio_api_url=api_url,
        secret_key=secrets.token_hex(32),
        dialplans=dialplans,
        models=models,
        data=data,
        systems=None,
    )


def database_url(url: str) -> str:
    """SQLAlchemy's form of a database URL; it does not know the `postgres://` that hosts hand out."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


_REMEDIES = {
    "PUBLIC_URL": "give the https address at which Twilio reaches this server, such as https://bot.example.org",
    "TWILIO_AUTH_TOKEN": "copy the Auth Token of your account from the Twilio console",
    "TWILIO_ACCOUNT_SID": "copy the Account SID (AC and 32 hexadecimal digits) from the Twilio console",
    "TWILIO_API_KEY_SID": "give the SID (SK and 32 hexadecimal digits) of a Twilio API key, or leave it out",
    "TWILIO_API_KEY_SECRET": "give the secret that belongs to TWILIO_API_KEY_SID, or leave both out",
    "TWILIO_TWIML_APP_SID": "give the SID (AP and 32 hexadecimal digits) of a TwiML app, or leave it out",
    "TWILIO_API_URL": "give an http(s) address, or leave it out for https://api.twilio.com",
    "SECRET_KEY": "give at least 32 random characters, the same on every host: openssl rand -hex 32",
    "REDIS_URL": "give redis://HOST:6379/0 or rediss://… or unix://PATH, or leave it out for a private Redis",
    "DATABASE_URL": "give postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE, or leave it out for SQLite",
    "PORT": "give a port number from 1 to 65535, or leave it out for 8080",
}


def _anything(_: str) -> str | None:
    return None


def _web_address(value: str) -> str | None:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"is not a web address ({value})"
    return None


def _long_enough(value: str) -> str | None:
    return None if len(value) >= 32 else f"is too short ({len(value)} characters)"


def _sid(prefix: str) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        digits = value.removeprefix(prefix)
        right = value.startswith(prefix) and len(digits) == 32 and all(d in "0123456789abcdefABCDEF" for d in digits)
        return None if right else "is not a SID of the right kind"

    return check


def _redis_url(value: str) -> str | None:
    return None if value.startswith(("redis://", "rediss://", "unix://")) else "is not a Redis URL"


def _database_url(value: str) -> str | None:
    known = ("postgres://", "postgresql://", "postgresql+psycopg://", "sqlite://")
    return None if value.startswith(known) else "is not a database URL that is supported"


def _port(value: str) -> str | None:
    return None if value.isdecimal() and 1 <= int(value) <= 65535 else f"is not a port ({value})"


def _number(value: str) -> int:
    return int(value) if value.isdecimal() else 0

"""How an agent's page reaches the telephone network: by Twilio's browser telephone, or a stand-in's line."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from voicebot.desk import softphone_sdk as sdk
from voicebot.records import agents
from voicebot.settings import Settings

Lack = Literal["", "keys", "sdk"]
TOKEN_LASTS_S = 3600


@dataclass(frozen=True)
class Keys:
    """An API key of the Twilio account, which signs the tokens of agents' browsers."""

    account: str
    key: str
    secret: str = field(repr=False)
    app: str = ""  # the TwiML app through which browsers may call out


@dataclass(frozen=True)
class Softphone:
    """`standin` is the origin of a Twilio stand-in, whose /pages/line.js answers in the browser; empty: Twilio itself.

    `data` is the folder below which Twilio's script is installed.
    """

    standin: str = ""
    keys: Keys | None = None
    data: Path | None = None
    release: sdk.Release = sdk.RELEASE

    @property
    def lacks(self) -> Lack:
        """What is missing before anybody can answer in the browser; empty when nothing is."""
        if self.standin:
            return ""
        if self.keys is None:
            return "keys"
        return "" if self.script else "sdk"

    @property
    def script(self) -> Path | None:
        """The folder with Twilio's script, when it is there."""
        place = sdk.place(self.data, self.release) if self.data else None
        return place if place and (place / sdk.SCRIPT).is_file() else None

    @property
    def fault(self) -> str | None:
        """What is missing or damaged, with the remedy; None when agents can answer in the browser."""
        if self.standin:
            return None
        if self.keys is None:
            return "set TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET"
        return sdk.fault(self.data, self.release) if self.data else None

    @property
    def edge(self) -> str:
        """Where browsers enter Twilio's network; the variable is one of Twilio's own libraries."""
        return os.environ.get("TWILIO_EDGE", "")

    def token(self, agent_id: str) -> str:
        """A token with which this agent's browser may be rung for TOKEN_LASTS_S. Not to be logged."""
        assert self.keys  # noqa: S101 - `lacks` was looked at
        token = AccessToken(
            self.keys.account,
            self.keys.key,
            self.keys.secret,
            identity=agent_id,
            ttl=TOKEN_LASTS_S,
            region=os.environ.get("TWILIO_REGION") or None,
        )
        token.add_grant(VoiceGrant(incoming_allow=True, outgoing_application_sid=self.keys.app or None))
        return str(token.to_jwt())


def softphone_of(settings: Settings, standin: str = "") -> Softphone:
    """The softphone with these settings; `standin` is the origin of a stand-in, if there is one."""
    keys = Keys(
        settings.twilio_account_sid,
        settings.twilio_api_key_sid,
        settings.twilio_api_key_secret,
        settings.twilio_twiml_app_sid,
    )
    return Softphone(standin.rstrip("/"), keys if keys.key else None, settings.data)


def problems(softphone: Softphone, engine: Engine) -> list[str]:
    """Why agents whose telephone is the browser cannot be reached, for /readyz; nothing when there are none.

    Raises SQLAlchemyError when the database does not answer.
    """
    fault = softphone.fault
    if fault is None:
        return []
    ids = [agent.id for agent in agents.agents(engine) if agent.phone == "browser" and agent.teams]
    return [f"Agents who answer in the browser ({', '.join(ids)}) cannot be reached: {fault}"] if ids else []

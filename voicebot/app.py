"""The one place where the parts are joined to a running bot."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import redis
from flask import Flask
from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.desk import create_desk
from voicebot.desk.operations_parts import Operations
from voicebot.desk.softphone import softphone_of
from voicebot.dialplan.hours import next_opening
from voicebot.dialplan.saving import Versions
from voicebot.dialplan.schema import Dialplan
from voicebot.directory.customers import Directory, SqlDirectory
from voicebot.errors import InputError
from voicebot.health import Health, create_health
from voicebot.hearing.models import open_model
from voicebot.records.contacts import forget_words, save_contact
from voicebot.records.database import open_database, upgrade
from voicebot.records.promises import promise_callback
from voicebot.routing.identify import identify
from voicebot.routing.live import Event, Live
from voicebot.routing.private_redis import private_redis
from voicebot.settings import Settings, read
from voicebot.telephony.carrier import Carrier, Twilio
from voicebot.telephony.lines import Lines
from voicebot.telephony.loading import OpenModel
from voicebot.telephony.reload import DialplanWatch
from voicebot.telephony.signatures import Signatures
from voicebot.telephony.socket import add_media_socket
from voicebot.telephony.webhooks import Telephony, create_webhooks

log = logging.getLogger(__name__)

GUNICORN_LOAD_ERROR = 4  # gunicorn.arbiter.Arbiter.APP_LOAD_ERROR
CALLBACK_WITHIN = timedelta(hours=4)  # of the line being open


def utc_now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


def from_environment() -> Flask:
    """The bot as a WSGI server runs it: `gunicorn … 'voicebot.app:from_environment()'`.

    Wrong settings end the process with gunicorn's own status for an application that cannot be loaded, so that it
    stops instead of trying again for ever.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return create_app(read(os.environ))
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(GUNICORN_LOAD_ERROR)


def create_app(
    settings: Settings,
    *,
    speech: OpenModel | None = None,
    now: Callable[[], datetime] = utc_now,
    softphone: str = "",
) -> Flask:
    """A running bot.

    `speech` opens the speech model for a dialplan, with its problems in words (default: Vosk from the models'
    folder). `softphone` is the origin of the Twilio stand-in whose browser lines the desk uses; empty without one.
    """
    problems: list[str] = []
    lines = Lines()
    watch = DialplanWatch(settings.dialplans, settings.models, speech or _vosk(settings.models), lines)
    watch.look(now())
    watch.start(now)
    live = Live(settings.redis_url or private_redis(settings.data))
    engine = open_database(settings.database_url, settings.data)
    _upgrade(engine, problems)
    directory = SqlDirectory(engine)
    carrier: Carrier = Twilio(settings)
    telephony = Telephony(
        public_url=settings.public_url,
        lines=lines,
        live=live,
        signatures=Signatures(settings.public_url, settings.twilio_auth_token, settings.secret_key),
        look_up=_look_up(live, directory),
        identify=_identify(live, directory, lines, now),
        keep=lambda call: _keep(engine, lines.plan(call.line, call.dialplan), call, now()),
        end_leg=carrier.end_leg,
        promise=lambda call: _promise(engine, lines.plan(call.line, call.dialplan), call, now()),
        now=now,
    )
    browsers = softphone_of(settings, softphone)
    app = Flask("voicebot", static_folder=None)
    app.config.update(_flask_settings(settings))
    app.extensions["voicebot"] = watch
    _add_routes(app, telephony)
    app.register_blueprint(
        create_desk(
            live=live,
            engine=engine,
            directory=directory,
            plan=lines.plan,
            end_leg=carrier.end_leg,
            now=now,
            softphone=browsers,
            understood=Operations(
                lines=lambda: lines,
                statuses=lines.statuses,
                versions=Versions(settings.data / "dialplan-versions"),
                saved=lambda: [watch.look(now()) for _ in range(2)],  # seen twice, a file has settled
            ),
        )
    )
    app.register_blueprint(create_health(Health(lines, live, engine, tuple(problems), browsers)))
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https://"),
        "MAX_CONTENT_LENGTH": 256 * 1024,
    }


def _add_routes(app: Flask, telephony: Telephony) -> None:
    voice = create_webhooks(telephony)
    add_media_socket(telephony, voice)
    app.register_blueprint(voice)


def _vosk(models: Path) -> OpenModel:
    return lambda plan: open_model(models, plan.language, plan.model)


# -- records


def _upgrade(engine: Engine, problems: list[str]) -> None:
    """Bring the database up to date; when it does not answer now, calls are connected without it."""
    try:
        upgrade(engine)
    except Exception as error:
        log.exception("the database could not be brought up to date")
        problems.append(f"The database could not be brought up to date ({type(error).__name__}): check DATABASE_URL")


def _look_up(live: Live, directory: Directory) -> Callable[[Call], None]:
    """Looks the caller up beside the greeting: the webhook does not wait for a slow database."""
    pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="look-up")
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)

    def find(call: Call) -> None:
        try:
            found = directory.by_phone(call.caller) if call.caller else ()
            fresh = {"customers": tuple(customer.id for customer in found)}
            live.change_call(call.sid, lambda old: old.model_copy(update=fresh))
        except Exception:
            log.exception("the caller of call %s could not be looked up", call.sid)
        with suppress(redis.RedisError):  # told in either case: the desk tries again by itself
            live.tell(Event(kind="customer", call=call.sid))

    def start(call: Call) -> None:
        pool.submit(find, call)

    return start


def _identify(
    live: Live, directory: Directory, lines: Lines, now: Callable[[], datetime]
) -> Callable[[str, str], None]:
    """Finds out beside the call who says these words; when that fails, nothing is different from before."""
    pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="identify")
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)

    def find(sid: str, text: str) -> None:
        try:
            call = live.call(sid)
            if call:
                identify(live, directory, lines.plan(call.line, call.dialplan), sid, text, now())
        except Exception as error:  # its text may hold a name
            log.error("the caller of call %s could not be identified: %s", sid, type(error).__name__)

    def start(sid: str, text: str) -> None:
        with suppress(RuntimeError):  # the process is ending
            pool.submit(find, sid, text)

    return start


def _keep(engine: Engine, plan: Dialplan, call: Call, now: datetime) -> None:
    """Keep the contact, with the caller's words for as long as the dialplan allows."""
    lasts = plan.privacy.keep_transcripts
    try:
        save_contact(engine, call if lasts else call.model_copy(update={"utterance": ""}))
        if lasts:
            forget_words(engine, call.line, now - lasts)
    except Exception:
        log.exception("the contact of call %s could not be kept in the records", call.sid)


def _promise(engine: Engine, plan: Dialplan, call: Call, now: datetime) -> bool:
    opens = next_opening(plan.hours, now) if plan.hours else None
    intent = plan.intents.get(call.match.intent or "") if call.match else None
    try:
        promise_callback(
            engine,
            call,
            due=(opens or now) + CALLBACK_WITHIN,
            about=call.utterance or (intent.title if intent else ""),
            team=call.team,
            customer_id=call.customer,
            now=now,
        )
    except Exception:
        log.exception("the callback of call %s could not be written down", call.sid)
        return False
    return True

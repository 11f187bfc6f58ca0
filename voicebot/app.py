"""The one place where the parts are joined to a running bot."""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType

import redis
from flask import Flask
from sqlalchemy import Engine

from voicebot.calls import Call
from voicebot.desk import create_desk
from voicebot.desk.feed import Feed
from voicebot.desk.operations_parts import Operations
from voicebot.desk.softphone import softphone_of
from voicebot.desk.sso import Provider
from voicebot.desk.supervised import Supervised
from voicebot.dialplan.saving import Versions
from voicebot.directory.customers import Directory
from voicebot.directory.http_asking import SystemFault
from voicebot.errors import InputError
from voicebot.health import Health, create_health
from voicebot.hearing.models import open_model
from voicebot.others import Others, open_others
from voicebot.records import audit
from voicebot.records.database import open_database, upgrade
from voicebot.records.promises import Promise
from voicebot.routing.callbacks import line_up, promise_callback
from voicebot.routing.carrier import Carrier
from voicebot.routing.identify import identify
from voicebot.routing.keeping import keep, note_who_knows
from voicebot.routing.live import Event as DeskEvent
from voicebot.routing.live import Live
from voicebot.routing.private_redis import private_redis
from voicebot.routing.replay import FOLDER, Replay
from voicebot.routing.ringing import Ringing
from voicebot.routing.rooms import Rooms
from voicebot.routing.supervisors import promise_call
from voicebot.routing.tick import tick
from voicebot.settings import Settings, read
from voicebot.systems.events import Tell
from voicebot.telephony.callbacks import put_off
from voicebot.telephony.carrier import Twilio
from voicebot.telephony.lines import Lines
from voicebot.telephony.loading import OpenModel
from voicebot.telephony.parts import Telephony
from voicebot.telephony.reload import DialplanWatch
from voicebot.telephony.signatures import Signatures
from voicebot.telephony.socket import add_media_socket
from voicebot.telephony.ticker import Ticker
from voicebot.telephony.webhooks import create_webhooks

log = logging.getLogger(__name__)

AN_HOUR_S = 3600.0
SWEPT_S = 600
GUNICORN_LOAD_ERROR = 4  # gunicorn.arbiter.Arbiter.APP_LOAD_ERROR


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
        app = create_app(read(os.environ))
    except InputError as error:
        print(error, file=sys.stderr)
        sys.exit(GUNICORN_LOAD_ERROR)
    _on_sigterm(app.extensions["voicebot"].feed.close)
    return app


def _on_sigterm(act: Callable[[], None]) -> None:
    """Do this too when a server is told to stop that waits for open streams: those of desks never end."""
    waits = signal.getsignal(signal.SIGTERM)
    if not callable(waits):  # it just ends
        return

    def stop(number: int, frame: FrameType | None) -> None:
        act()
        waits(number, frame)

    signal.signal(signal.SIGTERM, stop)


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
    others = open_others(settings.systems, engine, now)
    directory = others.directory
    carrier: Carrier = Twilio(settings)
    replay = Replay(live, settings.data / FOLDER)
    ringing = Ringing(live, carrier, lines.plan, settings.public_url, now, others.tell)
    telephony = Telephony(
        public_url=settings.public_url,
        lines=lines,
        live=live,
        engine=engine,
        signatures=Signatures(settings.public_url, settings.twilio_auth_token, settings.secret_key),
        ringing=ringing,
        look_up=_look_up(live, engine, directory, lines, now),
        identify=_identify(live, engine, directory, lines, now),
        keep=lambda call: keep(live, engine, lines.plan(call.line, call.dialplan), call, now(), others.tell),
        promise=_promise(
            lambda call: promise_callback(engine, lines.plan(call.line, call.dialplan), call, now()), others.tell, now
        ),
        promise_supervisor=_promise(
            lambda call: promise_call(live, engine, lines.plan(call.line, call.dialplan), call, now(), None),
            others.tell,
            now,
        ),
        now=now,
        keep_sound=_keep_sound(live, replay, lines),
    )
    rooms = Rooms(live, engine, carrier, ringing, lines.plan, settings.public_url, now)
    ringing.on_unreachable = partial(put_off, telephony)
    browsers = softphone_of(settings, softphone)
    health = Health(lines, live, engine, tuple(problems), browsers, now, (others.problems,), others.figures)
    app = Flask("voicebot", static_folder=None)
    app.config.update(_flask_settings(settings))
    swept = replay.sweep_each(SWEPT_S, lambda line: lines.plan(line, ""), now)
    feed = Feed(live, engine)
    app.extensions["voicebot"] = Running(watch, ringing, feed, _tickers(telephony), others, swept)
    _add_routes(app, telephony)
    app.register_blueprint(
        create_desk(
            live=live,
            feed=feed,
            engine=engine,
            directory=directory,
            plan=lines.plan,
            ringing=ringing,
            rooms=rooms,
            now=now,
            softphone=browsers,
            screen_pop=others.screen_pop,
            replay=replay,
            tell=others.tell,
            understood=Operations(
                lines=lambda: lines,
                statuses=lines.statuses,
                versions=Versions(settings.data / "dialplan-versions"),
                saved=lambda: [watch.look(now()) for _ in range(2)],  # seen twice, a file has settled
            ),
            supervised=Supervised(health.look, lambda: lines, lines.statuses),
            provider=_provider(settings),
        )
    )
    app.register_blueprint(create_health(health))
    return app


@dataclass(frozen=True)
class Running:
    """What goes on beside requests; `app.extensions["voicebot"]`."""

    watch: DialplanWatch
    ringing: Ringing
    feed: Feed
    tickers: tuple[Ticker, ...]
    others: Others
    swept: Event  # set: sound is no longer swept away

    def stop(self) -> None:
        """End it all."""
        self.feed.close()
        self.watch.stop()
        for ticker in self.tickers:
            ticker.stop()
        self.ringing.close()
        self.others.sender.stop()
        self.swept.set()


def _tickers(parts: Telephony) -> tuple[Ticker, ...]:
    """What the clock brings about, in one process of all; a slow database must not hold up who waits."""
    plan_of, live = parts.lines.plan, parts.live
    tickers = (
        Ticker(live, "routing", lambda: parts.ringing.act_on(tick(live, plan_of, parts.now()))),
        Ticker(live, "callbacks", lambda: line_up(live, parts.engine, plan_of, parts.now())),
        Ticker(live, "forgetting", lambda: audit.forget_old(parts.engine, parts.now()), beat_s=AN_HOUR_S),
    )
    for ticker in tickers:
        ticker.start()
    return tickers


def _provider(settings: Settings) -> Provider | None:
    """Where people log in who do so once for everything."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        f"{settings.public_url}/desk",
        settings.oidc_name,
    )


def _flask_settings(settings: Settings) -> dict[str, object]:
    https = settings.public_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_NAME": "__Host-desk" if https else "desk",  # no other host can set it
        "SESSION_COOKIE_SECURE": https,
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


def _look_up(
    live: Live, engine: Engine, directory: Directory, lines: Lines, now: Callable[[], datetime]
) -> Callable[[Call], None]:
    """Looks the caller up beside the greeting: the webhook does not wait for a slow database."""
    pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="look-up")
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)

    def find(call: Call) -> None:
        try:
            found = directory.by_phone(call.caller) if call.caller else ()
            names = [customer.name for customer in found]
            fresh = {"customers": tuple(one.id for one in found), "name": names[0] if len(names) == 1 else ""}
            live.change_call(call.sid, lambda old: old.model_copy(update=fresh))
        except SystemFault as fault:
            log.warning("the caller of call %s could not be looked up: %s", call.sid, fault)
        except Exception:
            log.exception("the caller of call %s could not be looked up", call.sid)
        _note_who_knows(live, engine, lines, call.sid, now())
        with suppress(redis.RedisError):  # told in either case: the desk tries again by itself
            live.tell(DeskEvent(kind="customer", call=call.sid))

    def start(call: Call) -> None:
        pool.submit(find, call)

    return start


def _identify(
    live: Live, engine: Engine, directory: Directory, lines: Lines, now: Callable[[], datetime]
) -> Callable[[str, str], None]:
    """Finds out beside the call who says these words; when that fails, nothing is different from before."""
    pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="identify")
    atexit.register(pool.shutdown, wait=False, cancel_futures=True)

    def find(sid: str, text: str) -> None:
        try:
            call = live.call(sid)
            if call:
                plan = lines.plan(call.line, call.dialplan)
                identify(live, directory, plan, sid, text, now())
                _note_who_knows(live, engine, lines, sid, now())
        except Exception as error:  # its text may hold a name
            log.error("the caller of call %s could not be identified: %s", sid, type(error).__name__)

    def start(sid: str, text: str) -> None:
        with suppress(RuntimeError):  # the process is ending
            pool.submit(find, sid, text)

    return start


def _keep_sound(live: Live, replay: Replay, lines: Lines) -> Callable[[Call, bytes], None]:
    """Keeps what a caller said, where their dialplan allows it; a full disk costs the caller nothing."""

    def keep(call: Call, audio: bytes) -> None:
        try:
            if replay.keep(call.sid, lines.plan(call.line, call.dialplan), audio):
                known = live.call(call.sid)
                live.tell(DeskEvent(kind="call", agent=known.agent if known else None, call=call.sid))
        except Exception:
            log.exception("what the caller of call %s said could not be kept", call.sid)

    return keep


def _note_who_knows(live: Live, engine: Engine, lines: Lines, sid: str, now: datetime) -> None:
    """Who keeps the caller's cases is known by our own records, whatever a customer system says."""
    try:
        call = live.call(sid)
        if call:
            note_who_knows(live, engine, lines.plan(call.line, call.dialplan), sid, now)
    except Exception as error:
        log.error("who knows the caller of call %s could not be found out: %s", sid, type(error).__name__)


def _promise(
    promise: Callable[[Call], Promise], tell: Tell, now: Callable[[], datetime]
) -> Callable[[Call], Promise | None]:
    """Writes a promise down; None when that failed."""

    def write(call: Call) -> Promise | None:
        try:
            made = promise(call)
        except Exception:
            log.exception("the callback of call %s could not be written down", call.sid)
            return None
        tell("promise.made", call, now(), made)
        return made

    return write

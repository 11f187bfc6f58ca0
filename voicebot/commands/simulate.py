"""`voicebot demo` and `voicebot call`: simulated calls through the real bot, told as they happen."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from voicebot import settings
from voicebot.calls import Call, Stage
from voicebot.dialplan.schema import Dialplan
from voicebot.errors import InputError
from voicebot.hearing.audio import read_wav
from voicebot.hearing.typed import TypedModel, speak
from voicebot.routing.presence import Presence
from voicebot.simulator import demo as show
from voicebot.simulator.callers import ScriptedCaller, Speaks, Waits
from voicebot.simulator.centre import Centre
from voicebot.simulator.leg import Event
from voicebot.simulator.phones import Answers
from voicebot.simulator.standin import SimulatedCall
from voicebot.simulator.voice import synthesise

# What a person follows; the wires (webhooks, TwiML, marks) are left out.
TOLD = {
    "say": "bot says",
    "play": "bot says",
    "prompt": "bot said",
    "spoke": "caller said",
    "dtmf": "caller pressed",
    "heard": "heard",
    "understood": "understood",
    "reserved": "agent reserved",
    "screen pop": "on the screen",
    "ringing": "phone rings",
    "answered": "phone answered",
    "no-answer": "no answer",
    "connected": "connected",
    "promised": "promised",
    "hangup": "call over",
    "error": "FAULT",
}


@click.command()
@click.option("--once", is_flag=True, help="End after the two calls: status 0 if both were understood and connected.")
@click.option("--port", type=click.IntRange(0, 65534), default=None, help="Port of the desk; else PORT, else 8080.")
@click.option("--data", type=click.Path(path_type=Path), default=None, help="Folder for Redis and SQLite.")
def demo(once: bool, port: int | None, data: Path | None) -> None:
    """Two calls, Dutch and English, with synthetic voices through the real bot; then it is yours to try."""
    _, _, kept = settings.folders(os.environ)
    wanted = port if port is not None else int(os.environ.get("PORT") or 8080)
    show.end_on_signals()
    click.echo("Starting the bot, a private Redis, SQLite and a stand-in for Twilio …")
    folder = data or kept / "demo"
    with show.alone(folder), show.open_centre(folder, 0 if once else wanted) as centre:
        password = show.staff(centre)
        missing = [scene.line for scene in show.SCENES if scene.line not in centre.plans]
        if missing:
            raise InputError(f"The demo calls {', '.join(missing)}: put the demo dialplans in VOICEBOT_DIALPLANS")
        worked = [_scene(centre, scene) for scene in show.SCENES]
        click.echo(f"\n{sum(worked)} of {len(worked)} calls were understood and connected.")
        if once:
            raise SystemExit(0 if all(worked) else 1)
        morning = show.living(centre)
        _invite(centre, password)
        morning.start()
        show.stay()
        morning.stop()


def _scene(centre: Centre, scene: show.Scene) -> bool:
    plan = centre.plans[scene.line]
    click.secho(f"\n{scene.from_} calls {plan.name} ({plan.line}, {plan.language})", bold=True)
    return show.play(centre, scene, _tell)


def _invite(centre: Centre, password: str) -> None:
    click.secho("\nNow you:", bold=True)
    click.echo(f"  desk       {centre.url}/desk   log in as {show.AGENT}, password {password}")
    click.echo(f"  supervisor {centre.url}/desk   log in as {show.SUPERVISOR}, the same password")
    click.echo(f"  dialplans  {centre.url}/desk/operations   log in as {show.OPERATIONS}, the same password")
    click.echo(f"  telephone  {centre.standin.url}/telephone   call, then speak or type")
    click.echo(f"  health     {centre.url}/readyz")
    click.echo("Stop with Ctrl-C.")


def _tell(plan: Dialplan, _: SimulatedCall, event: Event) -> None:
    if event.kind not in TOLD:
        return
    detail = event.detail
    if event.kind == "prompt":
        detail = plan.prompts.greeting.text
    elif event.kind == "play":
        detail = getattr(plan.prompts, Path(event.detail).stem).text
    colour = {"understood": "green", "connected": "green", "error": "red", "spoke": "cyan"}.get(event.kind)
    click.secho(f"{event.at:6.2f} s  {TOLD[event.kind]:<15} {detail}", fg=colour)


@click.command()
@click.argument("text", required=False)
@click.option(
    "--wav", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A recording to speak instead."
)
@click.option("--as-text", is_flag=True, help="Send the words as text: no voice, no speech model.")
@click.option("--from", "from_", default="+31612345678", show_default=True, metavar="NUMBER", help="Who calls.")
@click.option("--to", default=None, metavar="NUMBER", help="The line that is called; else the first dialplan's.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def call(text: str | None, wav: Path | None, as_text: bool, from_: str, to: str | None, as_json: bool) -> None:
    """Simulate one call that says TEXT, through the real bot, with an agent ready in every team.

    Ends with status 0 when the caller reached a person or a promise.
    """
    if (text is None) == (wav is None):
        raise click.UsageError('Give either a sentence, such as "ik snap mijn factuur niet", or --wav FILE.')
    with _centre(as_text=as_text) as centre:
        plan = _plan(centre, to)
        words = Speaks(_sound(text, wav, plan, as_text=as_text), text or str(wav))
        leg = centre.call(from_, plan.line, ScriptedCaller([Waits(), words]))
        if not as_json:
            leg.on_event(lambda event: _tell(plan, leg, event))
        leg.wait(show.CALL_S)
        outcome = centre.live.call(leg.sid)
    if as_json:
        click.echo(json.dumps(_outcome(outcome), ensure_ascii=False, indent=2))
    reached = outcome is not None and (outcome.connected or outcome.stage is Stage.PROMISED)
    raise SystemExit(0 if reached else 1)


@contextmanager
def _centre(*, as_text: bool) -> Iterator[Centre]:
    # A voice goes in real time, so that the times on the timeline are those of a real call.
    known: dict[str, Any] = {"speech": _typed, "pace": None} if as_text else {"pace": 1.0}
    with tempfile.TemporaryDirectory(prefix="voicebot-") as data, Centre(data=Path(data), **known) as centre:
        teams = sorted({team for plan in centre.plans.values() for team in plan.teams})
        for number, team in enumerate(teams):
            centre.add_agent(f"agent{number}", f"an agent of {team}", (team,), Answers(talks_for=1))
            centre.choose(f"agent{number}", Presence.READY)
        yield centre


def _plan(centre: Centre, to: str | None) -> Dialplan:
    if not centre.plans:
        raise InputError(f"{centre.settings.dialplans} holds no sound dialplan: `voicebot dialplan check` tells why")
    if to is None:
        return next(iter(centre.plans.values()))
    if to not in centre.plans:
        raise InputError(f"No sound dialplan has line {to}: give one of {', '.join(centre.plans)} with --to")
    return centre.plans[to]


def _sound(text: str | None, wav: Path | None, plan: Dialplan, *, as_text: bool) -> bytes:
    if wav is not None:
        return read_wav(wav)
    return speak(text or "") if as_text else synthesise(text or "", plan.language)


def _typed(_: Dialplan) -> tuple[TypedModel, list[str]]:
    return TypedModel(), []


def _outcome(call: Call | None) -> dict[str, object]:
    if call is None:
        return {"stage": None}
    match = call.match
    return {
        "stage": call.stage.value,
        "heard_by": call.heard_by,
        "utterance": call.utterance,
        "intent": match.intent if match else None,
        "confidence": match.confidence if match else 0.0,
        "connect": call.team,
        "agent": call.agent,
        "connected": call.connected is not None,
    }

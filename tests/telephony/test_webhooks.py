"""Webhooks one by one, where the order of events matters more than a whole call shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from voicebot.calls import NO_MATCH, Call, Stage
from voicebot.dialplan.loader import emergency
from voicebot.routing import connect
from voicebot.routing.live import Live
from voicebot.routing.presence import Agent, Presence
from voicebot.telephony.lines import Line, Lines
from voicebot.telephony.signatures import Signatures
from voicebot.telephony.webhooks import Telephony, create_webhooks
from voicebot.understanding.match import learn

PUBLIC, TOKEN, LINE, SID = "https://bot.example.org", "12345", "+31201234567", "CA1"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FALLBACKS = ("+31207654321", "+31207654322")
Post = Callable[..., str]


@pytest.fixture
def ended_legs() -> list[str]:
    return []


@pytest.fixture
def client(live: Live, ended_legs: list[str]) -> FlaskClient:
    plan = emergency(LINE, FALLBACKS)
    parts = Telephony(
        public_url=PUBLIC,
        lines=Lines([Line(plan, learn(plan))]),
        live=live,
        signatures=Signatures(PUBLIC, TOKEN, "s" * 32),
        look_up=lambda call: None,
        identify=lambda sid, text: None,
        keep=lambda call: None,
        end_leg=ended_legs.append,
        promise=lambda call: True,
        now=lambda: NOON,
    )
    app = Flask(__name__)
    app.register_blueprint(create_webhooks(parts))
    return app.test_client()


@pytest.fixture
def post(client: FlaskClient) -> Post:
    def post(path: str, **fields: str) -> str:
        form = {"CallSid": SID, "From": "+31612345678", "To": LINE, "CallStatus": "in-progress", **fields}
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
        answer = client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code in (200, 204)
        return answer.get_data(as_text=True)

    return post


def ready(live: Live, *names: str, phone: str = "browser") -> None:
    for name in names:
        live.sign_on(
            Agent(id=name, name=name, teams=("generalists",), presence=Presence.READY, since=NOON, phone=phone)
        )


def call_of(live: Live) -> Call:
    call = live.call(SID)
    assert call
    return call


def offered(live: Live, post: Post) -> str:
    """The call, with its first agent's telephone about to ring."""
    post("/voice/incoming", CallStatus="ringing")
    assert "<Dial" in post("/voice/connect")
    agent = call_of(live).agent
    assert agent
    return agent


def test_a_leg_that_begins_after_the_call_was_let_pass_is_ended(live: Live, post: Post, ended_legs: list[str]) -> None:
    ready(live, "piet", phone="+31687000001")
    agent = offered(live, post)
    connect.let_pass(live, SID, agent, NOON)
    post(f"/voice/leg/{SID}/{agent}", CallSid="CA2", ParentCallSid=SID, CallStatus="initiated")
    assert ended_legs == ["CA2"]


def test_a_leg_of_the_agent_who_is_offered_the_call_is_left_to_ring(
    live: Live, post: Post, ended_legs: list[str]
) -> None:
    ready(live, "piet", phone="+31687000001")
    agent = offered(live, post)
    post(f"/voice/leg/{SID}/{agent}", CallSid="CA2", ParentCallSid=SID, CallStatus="initiated")
    assert ended_legs == [] and call_of(live).agent_leg == "CA2"


def test_a_call_that_redis_forgot_is_connected_all_the_same(live: Live, post: Post) -> None:
    ready(live, "anna")
    assert "<Client" in post("/voice/connect?asked=0")
    assert call_of(live).heard_by == "failure"


def test_the_end_of_a_call_is_noted_once(live: Live, post: Post) -> None:
    ready(live, "anna")
    offered(live, post)
    post("/voice/status", CallStatus="completed")
    ended = call_of(live)
    post("/voice/status", CallStatus="completed")
    assert ended.stage is Stage.ENDED and call_of(live) == ended


def test_an_incoming_webhook_that_is_repeated_late_does_not_ask_again(live: Live, post: Post) -> None:
    ready(live, "anna")
    agent = offered(live, post)
    assert "<Redirect" in post("/voice/incoming", CallStatus="ringing")
    assert f">{agent}<" in post("/voice/connect") and call_of(live).rung == ()


def test_a_dial_that_ended_without_a_conversation_rings_the_next_agent(live: Live, post: Post) -> None:
    ready(live, "anna", "bram")
    first = offered(live, post)
    assert "/voice/connect?asked=0" in post(f"/voice/dialled/{first}", DialCallStatus="no-answer")
    assert f">{first}<" not in post("/voice/connect?asked=0") and call_of(live).agent not in (None, first)


def test_a_caller_who_must_wait_is_told_so_once_for_each_wait(live: Live, post: Post) -> None:
    ready(live, "anna", "bram")
    live.change_agent("bram", lambda agent: agent.model_copy(update={"presence": Presence.ON_CALL}))
    first = offered(live, post)
    post(f"/voice/dialled/{first}", DialCallStatus="no-answer")
    waiting = post("/voice/connect?asked=0")
    assert "<Say" in waiting and "asked=0&amp;waited=1" in waiting
    assert "<Say" not in post("/voice/connect?asked=0&waited=1")


def test_a_telephone_that_was_answered_by_a_machine_has_not_taken_the_call(live: Live, post: Post) -> None:
    ready(live, "piet", phone="+31687000001")
    agent = offered(live, post)
    for turn in ("", "?turn=1", "?turn=2"):
        assert "<Gather" in post(f"/voice/whisper/{SID}/{agent}{turn}", CallSid="CA2")
    assert "<Hangup" in post(f"/voice/whisper/{SID}/{agent}?turn=3", CallSid="CA2")
    post(f"/voice/dialled/{agent}", DialCallStatus="completed", DialBridged="false")
    assert call_of(live).stage is Stage.WAITING and call_of(live).rung == (agent,)


def test_a_whisper_tells_no_personal_data(live: Live, post: Post) -> None:
    ready(live, "piet", phone="+31687000001")
    agent = offered(live, post)
    live.change_call(SID, lambda call: call.model_copy(update={"utterance": "met jansen", "match": NO_MATCH}))
    whispered = post(f"/voice/whisper/{SID}/{agent}", CallSid="CA2").lower()
    assert "jansen" not in whispered and "612345678" not in whispered


def test_taking_the_call_at_the_desk_needs_no_key(live: Live, post: Post) -> None:
    ready(live, "piet", phone="+31687000001")
    agent = offered(live, post)
    connect.accept(live, SID, agent)
    for _ in range(2):  # a webhook that is repeated must not end the conversation
        joined = post(f"/voice/whisper/{SID}/{agent}", CallSid="CA2")
        assert "<Gather" not in joined and "<Hangup" not in joined
    assert call_of(live).stage is Stage.CONNECTED


def test_the_last_resort_rings_the_numbers_in_turn_and_says_sorry_only_when_none_answers(post: Post) -> None:
    document = post("/voice/fallback")
    assert 'sequential="true"' in document and document.index(FALLBACKS[0]) < document.index(FALLBACKS[1])
    assert "<Hangup" in post("/voice/fallback/dialled", DialCallStatus="completed", DialBridged="true")
    assert "<Say" in post("/voice/fallback/dialled", DialCallStatus="no-answer")


def test_fallback_numbers_come_after_the_agents_and_then_a_promise(live: Live, post: Post) -> None:
    post("/voice/incoming", CallStatus="ringing")
    assert FALLBACKS[0] in post("/voice/connect")
    post("/voice/dialled-fallback/0", DialCallStatus="busy")
    assert FALLBACKS[1] in post("/voice/connect?asked=0")
    post("/voice/dialled-fallback/1", DialCallStatus="no-answer")
    assert "<Say" in post("/voice/connect?asked=0") and call_of(live).stage is Stage.PROMISED


def test_without_a_number_to_call_nothing_is_promised(live: Live, post: Post) -> None:
    post("/voice/incoming", CallStatus="ringing", From="anonymous")
    live.change_call(SID, lambda call: call.model_copy(update={"fallbacks": 2}))
    assert "<Say" in post("/voice/connect", From="anonymous")
    assert call_of(live).stage is not Stage.PROMISED

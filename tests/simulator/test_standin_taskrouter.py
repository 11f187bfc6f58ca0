"""TaskRouter: callers as tasks, workers whose telephones ring for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.simulator.standin_bot import CALLER, LINE, World, happened, world
from voicebot.simulator.callers import HangsUp, Presses, ScriptedCaller, Waits
from voicebot.simulator.leg import Fetch, Redirected
from voicebot.simulator.phones import Answers, Busy, NeverAnswers
from voicebot.simulator.standin import SimulatedCall, Task, Worker
from voicebot.simulator.taskrouter import Workflow

FLOW = "WW" + "3" * 32
TASK = '<Task priority="2">{"intent": "invoice", "language": "nl"}</Task>'


@pytest.fixture
def quick() -> Iterator[World]:
    with world() as made:
        made.bot.documents["/incoming"] = _enqueue(TASK)
        made.bot.documents["/wait"] = '<Pause length="4"/>'
        yield made


def _enqueue(inside: str = "", flow: str = FLOW) -> str:
    return f'<Enqueue action="/dequeued" waitUrl="/wait" workflowSid="{flow}">{inside}</Enqueue>'


def _dequeued(made: World) -> dict[str, str]:
    (form,) = made.bot.of("/dequeued")
    return form


def _at(call: SimulatedCall, kind: str) -> float:
    return next(event.at for event in call.timeline if event.kind == kind)


def test_a_worker_takes_the_caller(quick: World) -> None:
    quick.standin.add_phone("client:anna", Answers(after=2, talks_for=30))
    quick.standin.add_workflow(FLOW, Worker("client:anna", after=5))
    call = quick.after()
    assert (_dequeued(quick)["QueueResult"], _dequeued(quick)["QueueTime"]) == ("bridged", "7")
    assert happened(call, "bridged") == ["with client:anna"]
    assert _at(call, "bridged") == pytest.approx(7, abs=0.1)
    (task,) = quick.standin.tasks
    assert (task.status, task.worker and task.worker.address) == ("completed", "client:anna")
    (worker,) = (leg for leg in quick.standin.calls.values() if leg is not call)
    assert (worker.from_, worker.to, worker.status) == (LINE, "client:anna", "completed")


def test_a_task_holds_what_the_document_says_and_what_twilio_knows(quick: World) -> None:
    quick.standin.add_phone("client:anna", Answers(talks_for=1))
    quick.standin.add_workflow(FLOW, Worker("client:anna"))
    call = quick.after()
    (task,) = quick.standin.tasks
    about = {name: task.attributes[name] for name in ("intent", "language", "call_sid", "from", "to", "call_status")}
    assert about == {
        "intent": "invoice",
        "language": "nl",
        "call_sid": call.sid,
        "from": CALLER,
        "to": LINE,
        "call_status": "in-progress",
    }
    assert task.priority == 2


def test_the_next_worker_is_asked_when_one_does_not_answer(quick: World) -> None:
    quick.standin.add_phone("client:anna", Busy())
    quick.standin.add_phone("+31207654321", NeverAnswers())
    quick.standin.add_phone("sip:cas@example.org", Answers(talks_for=1))
    workers = (Worker(address) for address in ("client:anna", "+31207654321", "sip:cas@example.org"))
    quick.standin.add_workflow(FLOW, *workers)
    call = quick.after()
    assert [event.detail for event in call.timeline if event.kind == "dial"] == [
        "client:anna",
        "+31207654321",
        "sip:cas@example.org",
    ]
    assert _dequeued(quick)["QueueResult"] == "bridged"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (_enqueue(TASK, "WW" + "4" * 32), 14220),
        (_enqueue("<Task>not JSON</Task>"), 14221),
        (_enqueue("<Task>[1]</Task>"), 14221),
    ],
)
def test_what_twilio_cannot_route_is_an_error_for_the_action(quick: World, document: str, code: int) -> None:
    quick.standin.add_workflow(FLOW)
    quick.bot.documents["/incoming"] = document
    call = quick.after()
    assert _dequeued(quick)["QueueResult"] == "error"
    assert [event.data["code"] for event in call.timeline if event.kind == "error"] == [code]
    assert quick.standin.tasks == []


def test_a_task_that_expires_leaves_the_caller_waiting_until_the_music_lets_go(quick: World) -> None:
    quick.standin.add_workflow(FLOW)
    quick.bot.documents |= {
        "/incoming": _enqueue('<Task timeout="10">{}</Task>'),
        "/wait": lambda form: "<Leave/>" if int(form["QueueTime"]) > 20 else '<Pause length="4"/>',
    }
    call = quick.after()
    (task,) = quick.standin.tasks
    assert (task.status, task.reason) == ("canceled", "Task TTL Exceeded")
    assert _at(call, "task") == pytest.approx(10, abs=0.1)
    assert (_dequeued(quick)["QueueResult"], _dequeued(quick)["QueueTime"]) == ("leave", "24")


def test_a_caller_who_hangs_up_takes_the_task_back(quick: World) -> None:
    quick.standin.add_phone("client:anna", NeverAnswers())
    quick.standin.add_workflow(FLOW, Worker("client:anna"))
    call = quick.after(ScriptedCaller([HangsUp(15_000)]))
    (task,) = quick.standin.tasks
    assert (task.status, task.reason) == ("canceled", "hangup")
    assert _dequeued(quick)["QueueResult"] == "hangup"
    assert [leg.status for leg in quick.standin.calls.values() if leg is not call] == ["canceled"]


def test_a_caller_who_leaves_the_queue_takes_the_task_back(quick: World) -> None:
    quick.standin.add_phone("client:anna", NeverAnswers())
    quick.standin.add_workflow(FLOW, Worker("client:anna"))
    quick.bot.documents |= {
        "/wait": '<Gather numDigits="1" action="/key"><Say>Druk 1</Say></Gather>',
        "/key": "<Leave/>",
    }
    call = quick.after(ScriptedCaller([Waits(), Presses("1")]))
    assert quick.standin.tasks[0].status == "canceled"
    assert _dequeued(quick)["QueueResult"] == "leave"
    assert [leg.status for leg in quick.standin.calls.values() if leg is not call] == ["canceled"]


def test_a_caller_who_is_moved_away_takes_the_task_back(quick: World) -> None:
    quick.standin.add_workflow(FLOW)
    quick.bot.documents["/elsewhere"] = "<Say>Elders</Say>"
    waits = threading.Event()
    quick.bot.documents["/wait"] = lambda _: waits.set() or '<Pause length="4"/>'  # type: ignore[func-returns-value]
    call = quick.call()
    assert waits.wait(10)
    call.cut_in(Redirected(call, Fetch(f"{quick.bot.url}/elsewhere")))
    call.wait(20)
    assert quick.standin.tasks[0].reason == "redirected"
    assert happened(call, "say") == ["Elders"]


def test_a_worker_takes_one_task_at_a_time_the_most_urgent_first() -> None:
    anna = Worker("client:anna")
    workflow = Workflow((anna,))
    first, later, urgent = Task({}), Task({}, priority=1), Task({}, priority=5)
    workflow.add(first)
    assert workflow.reserve(first, 0) is anna
    workflow.add(later)
    workflow.add(urgent)
    assert [workflow.reserve(task, 0) for task in (later, urgent)] == [None, None]
    workflow.release(anna)
    assert [workflow.reserve(task, 0) for task in (later, urgent)] == [None, anna]

"""TaskRouter in small: a caller in `<Enqueue workflowSid>` is a task, and a free worker's telephone rings for it."""

from __future__ import annotations

import json
import math
import re
import threading
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from voicebot.simulator import dial, grammar, queues
from voicebot.simulator.interpreter import Scene
from voicebot.simulator.leg import Description, Ended, Fetch, Redirected, SimulatedCall
from voicebot.simulator.parameters import sid
from voicebot.simulator.queues import Dequeued, Member, Queue

BAD_WORKFLOW, BAD_ATTRIBUTES = 14220, 14221
EXPIRED = "Task TTL Exceeded"
PATIENCE = 60.0  # seconds that a worker's telephone rings


@dataclass(eq=False)
class Worker:
    """Somebody at a telephone (see `StandIn.add_phone`) who is free for a task that has waited `after` seconds."""

    address: str
    after: float = 0.0


@dataclass(eq=False)
class Task:
    """What a caller in a workflow is to TaskRouter. `status` is pending, reserved, assigned, completed or canceled."""

    attributes: dict[str, Any]  # as in the document, and what Twilio adds: call_sid, from, to …
    priority: int = 0
    timeout: float = math.inf
    status: str = "pending"
    reason: str = ""  # of its being canceled
    worker: Worker | None = None
    refused: list[Worker] = field(default_factory=list)  # did not answer
    sid: str = field(default_factory=lambda: sid("WT"))

    def cancel(self, reason: str) -> None:
        """Nobody is to take it any more; harmless once somebody has."""
        if self.status in ("pending", "reserved"):
            self.status, self.reason = "canceled", reason


class Workflow:
    """Tasks of one kind, and the workers who take them one at a time: the highest priority first, then the oldest."""

    def __init__(self, workers: tuple[Worker, ...]) -> None:
        self._workers = workers
        self._tasks: list[Task] = []
        self._busy: list[Worker] = []
        self._lock = threading.Lock()

    def add(self, task: Task) -> None:
        """A task that waits from now on."""
        with self._lock:
            self._tasks.append(task)

    def reserve(self, task: Task, waited: float) -> Worker | None:
        """A worker who is free for this task and has none that comes before it."""
        with self._lock:
            for worker in self._workers:
                if worker not in self._busy and worker.after <= waited and self._next(worker) is task:
                    self._busy.append(worker)
                    task.status, task.worker = "reserved", worker
                    return worker
        return None

    def _next(self, worker: Worker) -> Task | None:
        fit = [task for task in self._tasks if task.status == "pending" and worker not in task.refused]
        return max(fit, key=lambda task: task.priority, default=None)

    def release(self, worker: Worker) -> None:
        """A worker is free again."""
        with self._lock:
            self._busy.remove(worker)


class Offer:
    """A task on its way to a worker. The caller's own thread looks after it and rings the worker's telephone."""

    def __init__(self, scene: Scene, workflow: Workflow, task: Task) -> None:
        self.task = task
        self._scene = scene
        self._leg = scene.leg
        self._workflow = workflow
        self._began = self._rang = scene.leg.clock.now
        self._target: dial.Target | None = None
        workflow.add(task)

    def look(self) -> None:
        """Ring a worker who is free, or see what has become of the ringing. Raises Dequeued once somebody answers.

        A caller whose task has expired waits on: only the waitUrl's documents can help.
        """
        waited = self._leg.clock.now - self._began
        if self.task.status == "pending" and waited >= self.task.timeout:
            self.task.cancel(EXPIRED)
            self._leg.event("task", f"canceled: {EXPIRED}", sid=self.task.sid)
        elif self._target is not None:
            self._see(self._target)
        elif self.task.status == "pending" and (worker := self._workflow.reserve(self.task, waited)):
            self._ring(worker)

    def _ring(self, worker: Worker) -> None:
        leg = self._leg
        what = Description(sid("CA"), leg.to, worker.address, "outbound-api", "initiated")
        child = SimulatedCall(leg.exchange, what, clock=leg.clock, parent=leg)
        leg.exchange.calls[child.sid] = child
        self._rang = leg.clock.now
        self._target = dial.Target(child, dial.start_ringing(leg, child, "Number", {}), None)

    def _see(self, target: dial.Target) -> None:
        seconds = self._leg.clock.now - self._rang
        self._leg.live = target.ring.live
        if dial.poll(self._leg, [target], seconds, []):
            self.task.status = "assigned"
            raise Dequeued
        if target.leg.ended_at is None and seconds >= PATIENCE:
            dial.give_up(self._leg, [target], "no-answer")
        if target.leg.ended_at is not None:
            self._refused()

    def _refused(self) -> None:
        """Back among those that wait, for another worker."""
        worker = self.task.worker
        self._target, self.task.worker = None, None
        if worker is not None:
            self.task.refused.append(worker)
            self.task.status = "pending"
            self._workflow.release(worker)

    def talk(self, queue: Queue, member: Member) -> Fetch | None:
        """Caller and worker together, until one of them goes; then the action URL."""
        try:
            if self._target is not None:
                dial.talk(self._scene, self._target)
        except Ended as ended:
            queues.after_hang_up(self._scene, queue, member, ended)
            raise
        return queues.dequeued(self._scene, queue, member, "bridged")

    def close(self, reason: str) -> None:
        """The caller waits or talks no more."""
        if self.task.status == "assigned":
            self.task.status = "completed"
        elif self._target is not None:
            dial.give_up(self._leg, [self._target], "canceled")
        self.task.cancel(reason)
        if self._target is not None and self.task.worker is not None:
            self._workflow.release(self.task.worker)


def enqueue(scene: Scene) -> Fetch | None:
    """`<Enqueue>`: a plain queue, or with `workflowSid` TaskRouter."""
    return _route(scene, scene.verb.get("workflowSid", "")) if scene.verb.get("workflowSid") else queues.enqueue(scene)


def _route(scene: Scene, name: str) -> Fetch | None:
    leg = scene.leg
    leg.answer()
    queue, member = leg.exchange.queue(name), Member(leg)
    workflow, task = leg.exchange.workflows.get(name), _task(scene)
    if workflow is None or task is None:
        code, what = (BAD_WORKFLOW, f"no workflow {name}") if workflow is None else (BAD_ATTRIBUTES, "not JSON")
        leg.event("error", f"<Enqueue>: {what}", code=code)
        return queues.dequeued(scene, queue, member, "error")
    leg.exchange.tasks.append(task)
    leg.event("enqueue", name, sid=queue.sid, task=task.sid)
    offer, reason = Offer(scene, workflow, task), "left"
    try:
        return queues.await_turn(scene, queue, member, offer.look, lambda: offer.talk(queue, member))
    except Ended:
        reason = "hangup"
        raise
    except Redirected:
        reason = "redirected"
        raise
    finally:
        offer.close(reason)


def _task(scene: Scene) -> Task | None:
    """The document's `<Task>`, with what Twilio adds; None when its attributes are not a JSON object."""
    found = grammar.children(scene.leg, scene.verb) or [Element("Task")]
    try:
        given = json.loads((found[0].text or "").strip() or "{}")
        attributes = dict(given) | _added(scene.leg)
    except (ValueError, TypeError):
        return None
    timeout = grammar.whole(scene.leg, found[0], "timeout", 0) or math.inf
    return Task(attributes, grammar.whole(scene.leg, found[0], "priority", 0), timeout)


def _added(leg: SimulatedCall) -> dict[str, str]:
    """The fields of the call's requests, written as attributes are: call_sid, from, to, call_status …"""
    told = {name: value for name, value in leg.parameters().items() if name != "CallToken"}
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): value for name, value in told.items()}

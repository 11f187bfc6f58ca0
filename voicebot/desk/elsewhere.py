"""The page of a call that another routing engine gave to somebody: who calls, what was said, and the file."""

from __future__ import annotations

import logging

from flask import Blueprint
from flask.typing import ResponseReturnValue

from voicebot.calls import Call
from voicebot.desk import audit, callview, screen
from voicebot.desk.login import failure, me, page
from voicebot.desk.parts import Parts
from voicebot.desk.roles import LEAD
from voicebot.desk.standing import standing
from voicebot.dialplan.schema import TABS
from voicebot.directory.customers import CustomerFile

_log = logging.getLogger(__name__)


def add_routes(desk: Blueprint, parts: Parts) -> None:
    """The route of this module; the task's attributes hold its address."""

    @desk.get("/calls/<sid>")
    def call_elsewhere(sid: str) -> ResponseReturnValue:
        call = parts.live.call(sid)
        if call is None or not _may_see(call):
            return failure("gone", 404)
        audit.note(parts, "call.read", f"call {sid}")
        plan, files = parts.plan(call.line, call.dialplan), _files(parts, call)
        return page(
            "elsewhere",
            call=call,
            plan=plan,
            tabs=TABS,
            title=screen.title,
            pieces=callview.pieces,
            number_is=callview.number_is,
            files=files,
            known=standing(call, files) if files else None,
            opened=screen.tab_to_open(call, plan),
            who=parts.feed.board.name,
        )


def _may_see(call: Call) -> bool:
    """Those of the team that was asked for, and those who lead; calls of our own people are on their page alone."""
    return call.sent_elsewhere and (call.team in me().teams or me().role in LEAD)


def _files(parts: Parts, call: Call) -> list[CustomerFile] | None:
    """The files of who may be calling; None when the customer system does not answer."""
    try:
        files = [parts.directory.file(customer) for customer in parts.customer_ids(call)]
    except Exception as error:  # its text may hold a name
        _log.error("the file of a call elsewhere cannot be read: %s", type(error).__name__)
        return None
    return [file for file in files if file]

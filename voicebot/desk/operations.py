"""The page for operations people: try a sentence, see what went wrong, add examples, and undo it."""

from __future__ import annotations

import logging
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.desk import audit, operations_edits, operations_view, security
from voicebot.desk.fragments import page_words
from voicebot.desk.login import is_script, me, page
from voicebot.desk.operations_edits import Proposal, Refused
from voicebot.desk.operations_parts import Line, Operations
from voicebot.desk.operations_view import Wanted
from voicebot.desk.parts import Parts
from voicebot.dialplan.saving import NotWritten, digest_of
from voicebot.dialplan.schema import NO_INTENT
from voicebot.hearing.rehear import LONGEST_S, RATES, hear, telephone
from voicebot.records import sentences

_SOUND = 2 * RATES[-1] * (LONGEST_S + 1)  # bytes of a recording
_PATIENCE_S = 3.0  # of a recording for the one before
_LONGEST_REASON = 500  # characters
_STATUS = {f"op_refused_{key}": 503 for key in ("no_model", "hear_busy", "hear_late", "hear_failed")}
_HEAR = "desk.operations_hear"
_log = logging.getLogger(__name__)


def add_routes(desk: Blueprint, parts: Parts, operations: Operations) -> None:
    """The routes of this module."""
    _add_page(desk, parts, operations)
    _add_trying(desk, parts, operations)
    _add_changing(desk, parts, operations)


def allow_sound() -> None:
    """Recordings are larger than what else comes in; must be called before anything reads the request."""
    if request.endpoint == _HEAR:
        request.max_content_length = _SOUND


def _add_page(desk: Blueprint, parts: Parts, operations: Operations) -> None:
    @desk.get("/operations")
    def operations_page() -> ResponseReturnValue:
        return _whole(parts, operations)


def _add_trying(desk: Blueprint, parts: Parts, operations: Operations) -> None:
    one_at_a_time = BoundedSemaphore(1)  # callers come first: at most one thread of this process tries recordings

    @desk.post("/operations/try")
    def operations_try() -> ResponseReturnValue:
        try:
            line = _line(operations)
            text = operations_edits.typed(request.form.get("sentence", ""))
        except Refused as refused:
            return _tried(parts, operations, 422, refused=refused)
        return _tried(parts, operations, tried=operations_view.tried(line, text))

    @desk.post("/operations/hear")
    def operations_hear() -> ResponseReturnValue:
        try:
            line = _line(operations, request.args.get("line", ""))
            words = _heard(line, one_at_a_time)
        except Refused as refused:
            return _tried(parts, operations, _STATUS.get(refused.key, 422), refused=refused)
        name = line.model.name if line.model else ""
        return _tried(parts, operations, tried=operations_view.tried(line, words, heard=name))


def _heard(line: Line, one_at_a_time: BoundedSemaphore) -> str:
    """The words in the recording of the request, as the line's speech model hears them. Raises Refused."""
    if line.model is None:
        raise Refused("no_model")
    try:
        sound = telephone(request.get_data(), request.args.get("rate", 0, type=int))
    except ValueError as error:
        raise Refused("hear_unusable") from error
    if not one_at_a_time.acquire(timeout=_PATIENCE_S):
        raise Refused("hear_busy")
    try:
        words = hear(line.model, sound)
    except TimeoutError as error:
        raise Refused("hear_late") from error
    except Exception as error:
        _log.exception("a recording could not be heard")
        raise Refused("hear_failed") from error
    finally:
        one_at_a_time.release()
    if not words:
        raise Refused("heard_nothing")
    return words


def _add_changing(desk: Blueprint, parts: Parts, operations: Operations) -> None:
    @desk.post("/operations/preview")
    def operations_preview() -> ResponseReturnValue:
        try:
            line, proposal = _proposed(parts, operations)
        except Refused as refused:
            return _step(refused=refused, status=422)
        _remember(operations, proposal)
        return _step(line=line, proposal=proposal)

    @desk.post("/operations/save")
    def operations_save() -> ResponseReturnValue:
        try:
            line, proposal = _proposed(parts, operations)
        except Refused as refused:
            return _step(refused=refused, status=409)
        reason = request.form.get("reason", "").strip()[:_LONGEST_REASON]
        shown = request.form.get("digest", "")
        if proposal.digest != shown:
            earlier = operations.versions.get(proposal.path, shown)
            others = operations_edits.diff(earlier, proposal.before) if earlier is not None else ()
            _remember(operations, proposal)
            return _step(line=line, proposal=proposal, refused=Refused("changed"), others=others, status=409)
        if proposal.needs_reason and not reason:
            return _step(line=line, proposal=proposal, refused=Refused("reason"), status=422)
        made = operations_edits.new_edit(
            line, proposal, me().id, reason if proposal.needs_reason else "", request.form.get("review", "")[:64]
        )
        try:
            edit_id = operations_edits.save(parts.engine, operations.versions, proposal, made, parts.now())
        except Refused as refused:
            return _step(line=line, proposal=proposal, refused=refused, status=409)
        audit.note(parts, "dialplan.added", f"edit {edit_id}", line=made.line, intent=made.intent)
        _adopt(operations)
        return redirect(_back(saved=edit_id), 303)

    @desk.post("/operations/dismiss")
    def operations_dismiss() -> ResponseReturnValue:
        line, key = operations.line(request.form.get("line", "")), request.form.get("review", "")
        if line is None or not 0 < len(key) <= 64:
            return _whole(parts, operations, 422, refused=Refused("no_line"))
        sentences.review(parts.engine, line.plan.line, key, "dismissed", me().id, parts.now())
        audit.note(parts, "dialplan.dismissed", f"line {line.plan.line}")
        return redirect(_back(told="dismissed"), 303)

    @desk.post("/operations/edits/<int:edit_id>/undo")
    def operations_undo(edit_id: int) -> ResponseReturnValue:
        made = sentences.edit(parts.engine, edit_id)
        line = operations.line(made.line) if made else None
        try:
            if made is None or line is None:
                raise Refused("gone")
            exact = operations_edits.undo(parts.engine, operations.versions, line, made, me().id, parts.now())
        except Refused as refused:
            return _whole(parts, operations, 409, refused=refused)
        audit.note(parts, "dialplan.undone", f"edit {edit_id}", line=made.line, intent=made.intent)
        operations_view.forget(parts.engine, line, parts.now())
        _adopt(operations)
        return redirect(_back(told="undone_exact" if exact else "undone_line"), 303)


def _line(operations: Operations, number: str | None = None) -> Line:
    line = operations.line(request.form.get("line", "") if number is None else number)
    if line is None:
        raise Refused("no_line")
    return line


def _proposed(parts: Parts, operations: Operations) -> tuple[Line, Proposal]:
    """What the form asks for, worked out again each time: the file may have changed. Raises Refused."""
    line, intent = _line(operations), request.form.get("intent", "")
    if intent != NO_INTENT and intent not in line.plan.intents:
        raise Refused("no_intent")
    callers = operations_view.of_callers(parts.engine, line, parts.now())
    return line, operations_edits.propose(line, intent, request.form.get("sentence", ""), callers)


def _remember(operations: Operations, proposal: Proposal) -> None:
    """Keep what was looked at, so that it can be told what somebody else changes meanwhile."""
    try:
        operations.versions.keep(proposal.path, proposal.before)
    except NotWritten:
        _log.warning("the version %s of %s could not be kept", digest_of(proposal.before), proposal.path)


def _adopt(operations: Operations) -> None:
    """Let the next call have it at once; if that fails, the lines look at their files by themselves."""
    try:
        operations.saved()
    except Exception:
        _log.exception("the changed dialplan could not be taken in at once")


def _back(**told: object) -> str:
    """The page to go on to: the sentences as they were listed."""
    home = url_for("desk.operations_page")
    wanted = security.safe_next(request.form.get("back"), home)
    if not wanted.startswith(home):
        wanted = home
    extra = "&".join(f"{name}={value}" for name, value in told.items())
    return f"{wanted}{'&' if '?' in wanted else '?'}{extra}"


# -- answers


def _fragment(name: str, status: int, **values: Any) -> ResponseReturnValue:
    return render_template(f"desk/_operations_{name}.html", **page_words(g.language), **_common(), **values), status


def _common() -> dict[str, Any]:
    return {"me": me(), "local": operations_view.local, "no_intent": NO_INTENT, "back": request.form.get("back", "")}


def _tried(parts: Parts, operations: Operations, status: int = 200, **values: Any) -> ResponseReturnValue:
    if is_script():
        return _fragment("tried", status, **values)
    return _whole(parts, operations, status, **values)


def _step(status: int = 200, **values: Any) -> ResponseReturnValue:
    """What a change would do, and the button for it: for the dialog, or as a page of its own."""
    values["review"] = request.form.get("review", "")[:64]
    values["reason"] = request.form.get("reason", "")[:_LONGEST_REASON]
    if is_script():
        return _fragment("preview", status, **values)
    return page("operations_step", status, **{**_common(), **values})


def _whole(parts: Parts, operations: Operations, status: int = 200, **values: Any) -> ResponseReturnValue:
    kind = request.args.get("kind")
    wanted = Wanted(
        line=request.args.get("line", "") if operations.line(request.args.get("line", "")) else "",
        kind="unknown" if kind == "unknown" else "corrected" if kind == "corrected" else None,
        page=request.args.get("page", 1, type=int) or 1,
    )
    lines = [line for line in operations.lines() if line.plan.path is not None]
    said = {"tried": None, "refused": None}
    known = {
        **_common(),
        "back": _address(wanted),
        "wanted": wanted,
        "address": _address,
        "lines": lines,
        "plans": {line.plan.line: line.plan for line in lines},
        "statuses": operations.statuses(),
        "listed": operations_view.listed(parts.engine, operations, wanted, parts.now()),
        "edits": operations_view.edits(parts.engine, operations),
        "names": operations_view.names(parts.engine),
        "saved": sentences.edit(parts.engine, request.args.get("saved", 0, type=int)),
        "told": told if (told := request.args.get("told", "")) in ("dismissed", "undone_exact", "undone_line") else "",
        "chosen": request.form.get("line") or wanted.line,
        "typed": request.form.get("sentence", "")[: 2 * operations_edits.LONGEST],
        "seconds": LONGEST_S,
    }
    return page("operations", status, **{**said, **known, **values})


def _address(wanted: Wanted, page: int | None = None) -> str:
    number = page or wanted.page
    return url_for(
        "desk.operations_page", line=wanted.line or None, kind=wanted.kind, page=number if number > 1 else None
    )

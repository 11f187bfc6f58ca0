"""A sentence added to a dialplan, or taken out again: what it would change, then the file, then the record of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from voicebot.calls import Match
from voicebot.desk.operations_parts import Line
from voicebot.dialplan import edit
from voicebot.dialplan.document import read
from voicebot.dialplan.edit import CannotEdit, Sentence
from voicebot.dialplan.faults import DialplanFaults
from voicebot.dialplan.parts import sound_parts
from voicebot.dialplan.saving import NotWritten, Versions, digest_of
from voicebot.dialplan.schema import Dialplan
from voicebot.dialplan.text import plain
from voicebot.hearing.rehear import unheard
from voicebot.records import sentences
from voicebot.records.database import writing
from voicebot.records.sentences import Edit, NewEdit
from voicebot.understanding.effects import Effects, compare
from voicebot.understanding.masking import numbers_masked, without_gaps
from voicebot.understanding.match import Understanding, learn
from voicebot.understanding.sound import sound

LONGEST = 200  # characters of an example


class Refused(Exception):
    """Nothing was changed: the key of the text that says why, what it speaks of, and faults one by one."""

    def __init__(self, key: str, about: str = "", details: Iterable[str] = ()) -> None:
        self.key, self.about, self.details = f"op_refused_{key}", about, tuple(details)
        super().__init__(self.key)


@dataclass(frozen=True)
class Proposal:
    """A change that can be made, and what it does.

    `alike` are examples of other intents that sound the same, with their intents; `deaf` are words that the line's
    speech model does not know.
    """

    path: Path
    sentence: Sentence
    before: bytes
    after: bytes
    now: Match
    then: Match
    effects: Effects
    alike: tuple[tuple[str, str], ...] = ()
    deaf: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The version that it changes."""
        return digest_of(self.before)

    @property
    def needs_reason(self) -> bool:
        """Whether it breaks what somebody wrote down as a test, so that it must be meant."""
        return bool(self.effects.failing)

    @cached_property
    def diff(self) -> tuple[tuple[str, str], ...]:
        """The lines that change and one around them, each with `+`, `-` or nothing before it."""
        return diff(self.before, self.after)


def diff(before: bytes, after: bytes) -> tuple[tuple[str, str], ...]:
    """The lines that differ between two versions of a file and one around them; `…` between places."""
    old, new = (content.decode("utf-8", errors="replace").splitlines() for content in (before, after))
    lines = list(difflib.unified_diff(old, new, n=1, lineterm=""))[2:]
    return tuple(("…", "") if line.startswith("@@") else (line[0].strip(), line[1:]) for line in lines)[1:]


def typed(text: str) -> str:
    """What a person typed, on one line. Raises Refused when it is no sentence."""
    one_line = " ".join(text.split())
    if len(one_line) > LONGEST:
        raise Refused("too_long")
    if not plain(one_line):
        raise Refused("empty")
    return one_line


def cleaned(text: str, plan: Dialplan) -> str:
    """What a person typed, as an example is written. Raises Refused."""
    return typed(without_gaps(numbers_masked(typed(text), plan.language), plan.language))


def propose(line: Line, intent: str, text: str, callers: Iterable[str]) -> Proposal:
    """What adding a sentence would do. `callers` are sentences that callers said. Raises Refused."""
    path, before = _file(line)
    plan, faults = _plan(path, before)
    sentence = Sentence(intent, cleaned(text, plan))
    _refuse_claimed(plan, sentence)
    after = _changed(before, sentence, added=True)
    new_plan, new_faults = _plan(path, after)
    if len(new_faults) > len(faults):
        raise Refused("would_break", details=new_faults)
    old = line.understanding if line.plan.digest == digest_of(before) else _learned(path, before)
    new = old if sentence.is_test else _learned(path, after)
    return Proposal(
        path=path,
        sentence=sentence,
        before=before,
        after=after,
        now=old.match(sentence.text),
        then=new.match(sentence.text),
        effects=compare(
            old, _with_tests(new, new_plan), (said for said in callers if plain(said) != plain(sentence.text))
        ),
        alike=tuple(_sounding_alike(plan, sentence)),
        deaf=unheard(line.model, sentence.text),
    )


def save(engine: Engine, versions: Versions, proposal: Proposal, edit_made: NewEdit, now: datetime) -> int:
    """Write the file and note who did it; returns the id of the note. Raises Refused, with nothing changed."""
    written = False
    try:
        with _told(), writing(engine) as connection:
            number = sentences.save_edit(connection, edit_made, now)
            versions.replace(proposal.path, proposal.after, proposal.digest)
            written = True
    except SQLAlchemyError:
        if written:  # an edit that nobody can see and undo is none
            versions.replace(proposal.path, proposal.before, digest_of(proposal.after))
        raise
    return number


def undo(engine: Engine, versions: Versions, line: Line, made: Edit, agent_id: str, now: datetime) -> bool:
    """Take an edit back: the file is byte for byte what it was (True), or, changed since, without just that sentence.

    Raises Refused, with nothing changed.
    """
    path, content = _file(line)
    earlier = versions.get(path, made.before) if digest_of(content) == made.after else None
    restored = earlier if earlier is not None else _changed(content, Sentence(made.intent, made.text), added=False)
    with _told(), writing(engine) as connection:
        if not sentences.undo_edit(connection, made, agent_id, now):
            raise Refused("undone_already")
        versions.replace(path, restored, digest_of(content))
    return earlier is not None


def new_edit(line: Line, proposal: Proposal, agent_id: str, reason: str, review: str) -> NewEdit:
    """The note of a change that is about to be made."""
    return NewEdit(
        agent_id=agent_id,
        line=line.plan.line,
        file=proposal.path.name,
        intent=proposal.sentence.intent,
        text=proposal.sentence.text,
        reason=reason,
        before=proposal.digest,
        after=digest_of(proposal.after),
        review=review,
    )


@contextmanager
def _told() -> Iterator[None]:
    """What the file system refuses, as a refusal that the page can tell."""
    try:
        yield
    except NotWritten as error:
        raise Refused(error.why, details=error.faults if error.why == "failed" else ()) from error


def _file(line: Line) -> tuple[Path, bytes]:
    path = line.plan.path
    if path is None:
        raise Refused("no_file")
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise Refused("unreadable", about=str(path)) from error


@lru_cache(maxsize=2)  # a change is looked at, and then saved
def _learned(path: Path, content: bytes) -> Understanding:
    return learn(_plan(path, content)[0])


@lru_cache(maxsize=4)
def _plan(path: Path, content: bytes) -> tuple[Dialplan, list[str]]:
    """What can be used of a dialplan's text, and the faults in the rest of it."""
    try:
        with TemporaryDirectory() as folder:
            copy = Path(folder) / path.name
            copy.write_bytes(content)
            try:
                parts = sound_parts(read(copy))
            except DialplanFaults as error:
                raise Refused("broken", details=_here(error.faults, copy)) from error
    except OSError as error:
        raise Refused("disk_full") from error
    faults = _here((str(fault) for _, fault in parts.found), copy)
    if parts.plan is None or parts.broken:
        raise Refused("broken", details=faults)
    return parts.plan, faults


def _here(faults: Iterable[str], copy: Path) -> list[str]:
    """Faults of a copy as faults of the file."""
    return [fault.replace(str(copy), copy.name) for fault in faults]


@lru_cache(maxsize=4)
def _changed(content: bytes, sentence: Sentence, *, added: bool) -> bytes:
    try:
        text = content.decode("utf-8")
        return (edit.add(text, sentence) if added else edit.remove(text, sentence)).encode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("broken") from error
    except CannotEdit as error:
        raise Refused(error.why) from error


def _refuse_claimed(plan: Dialplan, sentence: Sentence) -> None:
    words = plain(sentence.text)
    for intent in plan.intents.values():
        if words in map(plain, intent.examples):
            raise Refused("already" if intent.id == sentence.intent else "claimed", about=intent.title)
    known = {plain(test.say): test.intent for test in plan.tests}
    if sentence.is_test and words in known:
        title = plan.intents[known[words] or ""].title if known[words] in plan.intents else ""
        raise Refused("tested" if title else "already", about=title)


def _sounding_alike(plan: Dialplan, sentence: Sentence) -> Iterator[tuple[str, str]]:
    mine = sound(sentence.text, plan.language)
    for intent in plan.intents.values():
        if intent.id != sentence.intent:
            yield from ((one, intent.id) for one in intent.examples if sound(one, plan.language) == mine)


def _with_tests(understanding: Understanding, plan: Dialplan) -> Understanding:
    """The same understanding of a plan that differs in its tests only."""
    if understanding.plan is plan:
        return understanding
    fields = {name: getattr(understanding, name) for name in understanding.__dataclass_fields__ if name != "plan"}
    return Understanding(plan=plan, **fields)

"""A saved dialplan answers the next call: one thread looks at the folders each second and replaces lines at once.

Looking, and not being told by the operating system, works on network folders and in containers too.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from voicebot.dialplan.check import check_file
from voicebot.dialplan.lint_hours import never_open
from voicebot.dialplan.lint_intents import too_few_examples, unknown_teams
from voicebot.dialplan.loader import dialplan_files, emergency, load_lenient
from voicebot.dialplan.schema import Dialplan
from voicebot.telephony import versions
from voicebot.telephony.lines import Line, Lines, LineStatus, Serving, serving, still_needed
from voicebot.telephony.loading import OpenModel, Ready, audio_files, make_ready
from voicebot.telephony.marks import Contents, digest_of, model_files, stamps
from voicebot.telephony.versions import Look, Running, Source
from voicebot.understanding.match import learn

log = logging.getLogger(__name__)

EACH_S = 1.0
_SLIPS = (unknown_teams, too_few_examples, never_open)
_NOTHING_WORSE = 9  # what is made up for want of a dialplan


class DialplanWatch:
    """Keeps lines as the folders of dialplans and speech models say. One thread looks; calls go on beside it."""

    def __init__(self, folder: Path, models: Path, speech: OpenModel, lines: Lines) -> None:
        self._folder = folder
        self._models = models
        self._speech = speech
        self.lines = lines
        self._contents = Contents()
        self._before: Look | None = None
        self._taken: dict[Path, str] = {}
        self._sources: dict[Path, Source] = {}
        self._running: dict[str, Running] = {}
        self._ready: dict[str, Ready] = {}
        self._stopped = threading.Event()
        self._one_at_a_time = threading.Lock()

    def start(self, now: Callable[[], datetime]) -> None:
        """Look each second, until `stop` or the end of the process."""
        threading.Thread(target=self._run, args=(now,), name="dialplans", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _run(self, now: Callable[[], datetime]) -> None:
        told = ""
        while not self._stopped.wait(EACH_S):
            try:
                self.look(now())
                told = ""
            except Exception as error:  # told once; the lines that answer go on answering
                if told != repr(error):
                    log.exception("the dialplans cannot be looked at: the versions that are known keep answering")
                told = repr(error)

    def look(self, now: datetime) -> bool:
        """Look once and take what changed and has settled; the first look takes all. True when something was taken."""
        with self._one_at_a_time:
            return self._look(now)

    def _look(self, now: datetime) -> bool:
        seen = self._see(now)
        first, before = self._before is None, seen if self._before is None else self._before
        self._before = seen
        fixed = versions.settled(before, seen, self._taken)
        changed = {path for path in {**fixed, **self._taken} if fixed.get(path) != self._taken.get(path)}
        if changed or first:
            self._read(changed, fixed, now)
            self._take(changed, now)
        else:
            self._forget(now)
        return bool(changed) or first

    def _see(self, now: datetime) -> dict[Path, str]:
        try:
            seen = {path: self._contents.mark(path, now) for path in dialplan_files(self._folder)}
        except OSError as error:  # a network folder that is away: not the same as an empty one
            seen = {path: mark for path, mark in self._taken.items() if path in self._sources}
            seen[self._folder] = f"{self._folder} cannot be read ({error.strerror}): mend it, or set VOICEBOT_DIALPLANS"
        return seen | stamps([*self._recordings(), *model_files(self._models)])

    def _recordings(self) -> list[Path]:
        return [audio for source in self._sources.values() for audio in audio_files(source.plan).values()]

    def _read(self, changed: set[Path], fixed: dict[Path, str], now: datetime) -> None:
        """The dialplans that changed. One that is written to in this very moment is left for the next look."""
        self._sources = {path: source for path, source in self._sources.items() if path in fixed}
        for path in changed & set(fixed):
            if path.parent != self._folder or path.suffix not in (".yaml", ".yml"):
                continue
            source = _source(path, now.date())
            if digest_of(path) == fixed[path]:
                self._sources[path] = source
            elif path in self._taken:
                fixed[path] = self._taken[path]
            else:
                del fixed[path]
        # Recordings that are named for the first time are no news at the next look.
        self._taken = stamps(self._recordings()) | fixed

    # -- taking

    def _take(self, changed: set[Path], now: datetime) -> None:
        """Make ready what changed, and let all lines answer at once."""
        chosen = versions.choose(self._sources, self._running)
        self._ready = {number: self._made_ready(number, path, changed) for number, path in chosen.items()}
        self._running = {number: self._version(number, ready.line.plan, now) for number, ready in self._ready.items()}
        salvaged = [source.plan for source in self._sources.values() if source.loaded.broken]
        answering = [ready.line for ready in self._ready.values()]
        answering += [Line(plan, learn(plan)) for plan in salvaged if plan.line not in self._ready]
        self._serve(answering, self._statuses(chosen, now), now)

    def _made_ready(self, number: str, path: Path | None, changed: set[Path]) -> Ready:
        """The line of a number: as it was, unless something of it changed."""
        before = self._ready.get(number)
        plan = self._sources[path].plan if path else self._running[number].plan
        parts = {*audio_files(plan).values(), *(file for file in changed if self._models in file.parents)}
        if before and before.line.plan is plan and not parts & changed:
            return before
        try:
            return make_ready(plan, self._speech, before.line if before else None)
        except Exception as error:
            log.exception("%s cannot be made ready", plan.path)
            told = (f"{plan.path} is not used: it cannot be made ready ({type(error).__name__}, see the log)",)
            rest = emergency(number, plan.fallback, plan.name, plan.language)
            return replace(before or Ready(Line(rest, learn(rest))), problems=told)

    def _version(self, number: str, plan: Dialplan, now: datetime) -> Running:
        before = self._running.get(number)
        if before and before.plan.digest == plan.digest:
            return replace(before, plan=plan)
        source = self._sources.get(plan.path) if plan.path else None
        return Running(plan, now, source.worse if source and source.plan is plan else _NOTHING_WORSE)

    def _statuses(self, chosen: Mapping[str, Path | None], now: datetime) -> list[LineStatus]:
        owner = versions.owners(self._sources, self._running)
        found = [self._status(number, path, owner.get(number)) for number, path in chosen.items()]
        told = {owner.get(number) or self._running[number].plan.path for number, path in chosen.items() if path is None}
        for path, source in self._sources.items():
            line = source.plan.line
            broken = source.loaded.broken
            if (broken and path not in told) or (not broken and owner[line] != path):
                problems = tuple(versions.unused_because(source, owner.get(line)))
                found.append(LineStatus(line, source.plan.name, path, "", now, latest=False, problems=problems))
        return found

    def _status(self, number: str, path: Path | None, owner: Path | None) -> LineStatus:
        ready, version = self._ready[number], self._running[number]
        if path is None:
            told = versions.kept_because(number, version, self._sources, owner)
        else:
            told = self._sources[path].told()
        plan = ready.line.plan
        latest = path is not None and plan is self._sources[path].plan
        return LineStatus(number, plan.name, plan.path, plan.digest, version.since, latest, (*told, *ready.problems))

    def _serve(self, answering: list[Line], statuses: list[LineStatus], now: datetime) -> None:
        before, fresh = self.lines.serving, serving(answering)
        problems = tuple(dict.fromkeys([*self._of_folder(), *(told for one in statuses for told in one.problems)]))
        older = still_needed(before, fresh.lines, now)
        self.lines.serve(replace(fresh, older=older, statuses=tuple(statuses), problems=problems))
        _log(before, self.lines.serving)

    def _of_folder(self) -> list[str]:
        if self._folder in self._taken:
            return [self._taken[self._folder]]
        empty = f"{self._folder} holds no dialplan: put a .yaml file there, or set VOICEBOT_DIALPLANS"
        return [] if self._sources else [empty]

    def _forget(self, now: datetime) -> None:
        """Drop versions that no call can need any more."""
        before = self.lines.serving
        older = {key: old for key, old in before.older.items() if old.until > now}
        if len(older) < len(before.older):
            self.lines.serve(replace(before, older=older))


def _source(path: Path, today: date) -> Source:
    """A file as it is, with the slips that would send callers elsewhere; what else it says is a person's own choice."""
    loaded = load_lenient(path)
    look = None if loaded.broken else check_file(path, today).look
    found = [fault for ask in _SLIPS for fault in ask(look)] if look else []
    return Source(loaded, tuple(fault for fault in found if fault.severity == "error"))


def _log(before: Serving, now: Serving) -> None:
    """What changed, once."""
    for status in now.statuses:
        if status.digest and status.digest not in {
            old.digest for old in before.statuses if old.number == status.number
        }:
            log.info("line %s is answered with %s, version %s", status.number, status.path, status.digest)
    for problem in now.problems:
        if problem not in before.problems:
            log.warning("%s", problem)
    for problem in before.problems:
        if problem not in now.problems:
            log.info("no longer so: %s", problem)

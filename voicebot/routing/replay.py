"""The caller's own sentence, for the agent to hear again: where the dialplan lets audio be kept, and only so long.

In Redis while the call lives, for the desks of every host; on this host's disk for as long as the dialplan says.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from voicebot.dialplan.schema import Dialplan
from voicebot.hearing.audio import wav
from voicebot.routing.live import Live

log = logging.getLogger(__name__)

FOLDER = "audio"  # within VOICEBOT_DATA
LIVES = timedelta(hours=2)  # the longest call with its wrap-up
_SID = re.compile(r"\w+")


def recordings(folder: Path, sids: Iterable[str]) -> tuple[Path, ...]:
    """The sentences of these calls on this host's disk; those in Redis are gone within two hours."""
    return tuple(path for sid in sids if _SID.fullmatch(sid) for path in folder.glob(f"*/{sid}.wav"))


class Replay:
    """Sentences by CallSid. `folder` holds one folder a line, with one WAV file a call."""

    def __init__(self, live: Live, folder: Path) -> None:
        self._live = live
        self._folder = folder

    def keep(self, sid: str, plan: Dialplan, audio: bytes) -> bool:
        """Keep what a caller said (mu-law, 8 kHz), where the dialplan allows it; whether it was kept."""
        kept = plan.privacy.keep_audio
        if not kept or not audio or not _SID.fullmatch(sid):
            return False
        self._live.redis.set(f"audio:{sid}", base64.b64encode(audio).decode(), ex=min(kept, LIVES))
        path = self._path(plan.line, sid)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(wav(audio))
        path.chmod(0o600)
        return True

    def find(self, sid: str, line: str) -> bytes | None:
        """What was kept, as WAV; None when nothing is, or no longer."""
        held = self._live.redis.get(f"audio:{sid}")
        if held:
            return wav(base64.b64decode(held))
        path = self._path(line, sid)
        return path.read_bytes() if _SID.fullmatch(sid) and path.is_file() else None

    def there(self, sid: str, line: str) -> bool:
        """Whether there is something to hear."""
        return bool(self._live.redis.exists(f"audio:{sid}")) or self._path(line, sid).is_file()

    def sweep_each(self, seconds: float, plan_of: Callable[[str], Dialplan], now: Callable[[], datetime]) -> Event:
        """Sweep so often, in a thread of its own, until the event that comes back is set."""
        stopped = Event()

        def run() -> None:
            while True:
                try:
                    self.sweep(plan_of, now())
                except Exception:
                    log.exception("old sentences could not be deleted from %s", self._folder)
                if stopped.wait(seconds):
                    return

        Thread(target=run, name="replay-sweep", daemon=True).start()
        return stopped

    def sweep(self, plan_of: Callable[[str], Dialplan], now: datetime) -> int:
        """Delete what is older than its line's dialplan, as it is now, lets it be; returns how many."""
        old = [path for path in self._folder.glob("*/*.wav") if self._is_old(path, plan_of, now)]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _is_old(self, path: Path, plan_of: Callable[[str], Dialplan], now: datetime) -> bool:
        kept = plan_of(path.parent.name).privacy.keep_audio
        try:
            heard = path.stat().st_mtime
        except FileNotFoundError:  # another process was first
            return False
        return not kept or heard < (now - kept).timestamp()

    def _path(self, line: str, sid: str) -> Path:
        return self._folder / line / f"{sid}.wav"

"""A living centre for the demo: callers with different needs, one after another, and agents who speak with them."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from voicebot.simulator.callers import (
    Act,
    Acts,
    HangsUp,
    Heard,
    Pauses,
    Presses,
    ScriptedCaller,
    Speaks,
    Step,
    Talks,
    Waits,
)
from voicebot.simulator.centre import Centre
from voicebot.simulator.clock import FRAME_MS
from voicebot.simulator.phones import Invite, PlannedRing, Ring
from voicebot.simulator.voice import VOICES, synthesise

NL, EN = "+31201234567", "+442079460000"
EACH_S = (9.0, 17.0)  # between two callers
RUSH = 4  # callers of the second half of each round, who come close together
RUSH_S = (2.0, 4.0)
_LONGEST_S = 150  # that a caller stays, whatever happens


@dataclass(frozen=True)
class Visit:
    """One caller: a number (`anonymous`: withheld), the line, what they say to the bot and then to a person.

    `presses` after having waited so many seconds, `leaves` after so many.
    """

    from_: str
    line: str
    says: str
    then: str = ""
    presses: float | None = None
    leaves: float | None = None

    @property
    def language(self) -> str:
        """The language in which the caller speaks."""
        return "nl" if self.line == NL else "en"


VISITS = (
    Visit(
        "+31612345678", NL, "goedemorgen ik heb een vraag over mijn factuur", "Het bedrag is hoger dan vorige maand."
    ),
    Visit("+31697000107", NL, "mijn man is overleden", "Het contract staat nog op zijn naam. Wat moet ik doen?"),
    Visit("+447700900108", EN, "hello i am moving to a new house next month", "I need to change the address."),
    Visit("+31688000001", NL, "met de boer uit emmen ik ga verhuizen", "Ik bel met de telefoon van de buren."),
    Visit("anonymous", NL, "", "Hallo? Ben ik goed verbonden?"),
    Visit("+31697000109", NL, "ik wil uw leidinggevende spreken", "Ik ben al drie keer niet teruggebeld."),
    Visit("+31697000116", NL, "ik wil mijn meterstand doorgeven", "Het is twaalf duizend vier honderd."),
    Visit("+31697000105", NL, "wij zitten zonder stroom", "Het hele huis is donker.", presses=12),
    Visit("+447700900105", EN, "i cannot pay my bill", "Can I pay in smaller amounts?"),
    Visit("+31697000114", NL, "mijn rekening klopt niet", "Ik kreeg een herinnering, maar ik heb betaald.", presses=10),
    Visit("+31697000113", NL, "ik wil graag mijn contract opzeggen", leaves=2),
    Visit("+31697000110", NL, "ik heb een klacht", "Er is niemand gekomen.", presses=8),
)


class Talker:
    """A telephone whose person speaks for a while and then hangs up."""

    def __init__(
        self, language: str, rng: random.Random, after: float = 1.5, seconds: tuple[int, int] = (18, 40)
    ) -> None:
        self._language = language
        self._rng = rng
        self._after = after
        self._seconds = seconds

    def ring(self, _invite: Invite, /) -> Ring:
        """Somebody who answers after a moment."""
        talks = self._rng.randint(*self._seconds)
        steps: list[Step] = [Talks(300)]
        for sentence in _AGENT_SAYS[self._language]:
            steps += [Speaks(_voice(sentence, self._language, 1)), Pauses(3500)]
        return PlannedRing("answered", self._after, ScriptedCaller([*steps, Pauses(talks * 1000), HangsUp()]))


_AGENT_SAYS = {
    "nl": ("Goedemorgen, waarmee kan ik u helpen?", "Ik zie het. Een ogenblik alstublieft."),
    "en": ("Good morning, how can I help you?", "I see. One moment please."),
}


@cache
def _voice(text: str, language: str, voice: int) -> bytes:
    return synthesise(text, language, voice=VOICES[language][voice % len(VOICES[language])])


def caller(visit: Visit, voice: int = 0) -> ScriptedCaller:
    """Somebody who does what the visit says, and talks with whoever comes."""
    steps: list[Step] = [Waits()]
    if visit.says:
        steps.append(Speaks(_voice(visit.says, visit.language, voice), visit.says))
    if visit.leaves is not None:
        return ScriptedCaller([*steps, HangsUp(round(visit.leaves * 1000))])
    if visit.presses is not None:
        steps += [PressesUnlessHelped(round(visit.presses * 1000))]
    steps.append(Talks(5000))
    if visit.then:
        steps.append(Speaks(_voice(visit.then, visit.language, voice), visit.then))
    return ScriptedCaller([*steps, HangsUp(_LONGEST_S * 1000)])


@dataclass(frozen=True)
class PressesUnlessHelped:
    """Waits for a person, and presses a key when none has come after so many ms: rather called back."""

    ms: int

    def acts(self, heard: Heard) -> Acts:
        """Silence, then perhaps a key."""
        for _ in range(0, self.ms, FRAME_MS):
            if heard.with_person:
                return heard
            heard = yield Act()
        return (yield from Presses("1").acts(heard))


class Morning:
    """Calls without end, in a thread, from `start` to `stop`."""

    def __init__(self, centre: Centre, visits: Sequence[Visit] = VISITS, rng: random.Random | None = None) -> None:
        self._centre = centre
        self._visits = visits
        self._rng = rng or random.Random()  # noqa: S311 (nothing secret)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="morning", daemon=True)

    def start(self) -> None:
        """Let callers come."""
        self._thread.start()

    def stop(self) -> None:
        """No more callers."""
        self._stopped.set()
        self._thread.join(5)

    def _run(self) -> None:
        number = 0
        while not self._stopped.wait(self._rng.uniform(*self._pause(number))):
            visit = self._visits[number % len(self._visits)]
            self._centre.call(visit.from_, visit.line, caller(visit, number))
            number += 1

    def _pause(self, number: int) -> tuple[float, float]:
        return RUSH_S if number % len(self._visits) >= len(self._visits) - RUSH else EACH_S

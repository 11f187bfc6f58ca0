"""The link to the page that another system has of the caller, as the file on the agent's page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from voicebot.calls import Call
from voicebot.desk.screen import Stand
from voicebot.systems.schema import ScreenPop
from voicebot.systems.screen_pop import link


@dataclass(frozen=True)
class Pop:
    """The link of one call. `opens` when it does so without a click: the call was taken."""

    screen_pop: ScreenPop
    call: Call
    opens: bool

    def address(self, customer_number: str = "") -> str | None:
        """Where the link leads for a customer; None when it needs what is not known of this caller."""
        call = self.call
        return link(
            self.screen_pop,
            call=call.sid,
            phone=call.caller,
            customer_number=customer_number,
            intent=call.match.intent if call.match else None,
            words=call.utterance,
        )


def pop_for(screen_pop: ScreenPop | None, call: Call | None, stand: Stand) -> Pop | None:
    """The link for the call on the page, if there is a call and a page to open."""
    if screen_pop is None or call is None:
        return None
    return Pop(screen_pop, call, screen_pop.auto and stand in (Stand.ACCEPTED, Stand.TALKING))

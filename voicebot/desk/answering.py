"""How the page is answered when an agent did something: nothing, a sentence that is news, or why nothing was done."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from voicebot.desk.texts import words

DONE: ResponseReturnValue = ("", 204)


def told(key: str, **values: str) -> ResponseReturnValue:
    """It was done, and there is something to say about it: the text with this key."""
    return words(g.language)(key).format(**values), 200


def refused(key: str, status: int = 409, **values: str) -> ResponseReturnValue:
    """It was not done; the text with this key says why."""
    return words(g.language)(key).format(**values), status

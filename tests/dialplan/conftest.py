from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest

SOUND = """\
line: "+31201234567"
name: Bakkerij Bol
language: nl
prompts:
  greeting: Bakkerij Bol. Waarmee kan ik u helpen?
teams:
  generalists: {}
  taarten: {wrap_up: 5m}
intents:
  order:
    title: Bestelling
    examples:
      - ik wil een brood bestellen
      - ik heb brood besteld
    opens: contracts
  cake:
    title: Taart
    examples: [ik wil een taart, mijn taart is stuk]
    keywords: [taart]
    connect: taarten
tests:
  - say: heeft u morgen een taart voor mij
    intent: cake
    connect: taarten
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a dialplan file: the sound one, changed by `(old, new)` pairs, or a text of its own."""

    def write(*changes: tuple[str, str], text: str = SOUND, name: str = "bol.yaml") -> Path:
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} must stand once in the text"
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(dedent(text), encoding="utf-8")
        return path

    return write


Change = tuple[str, str]
BAKERY = """\
# The line of the bakery
line: "+31201234567"
name: Bakkerij Bol
language: nl

prompts:
  greeting: Bakkerij Bol. Waarmee kan ik u helpen?

teams:
  generalists: {}
  taarten: {wrap_up: 5m}

intents:
  order:
    title: Bestelling
    examples:
      - ik wil een brood bestellen
      - ik heb brood besteld
      - mijn bestelling is er niet
      - kan ik morgen brood ophalen
      - waar blijft mijn brood
    opens: contracts

  cake:
    title: Taart
    examples:
      - ik wil een taart
      - mijn taart is stuk
      - hebt u ook slagroomtaart
      - een taart voor mijn verjaardag
      - wat kost een taart
    keywords: [taart, gebak]
    connect: taarten

hours:
  open: {mon-fri: 08:00-17:00, sat: 09:00-13:00}

fallback: ["+31207654321"]

tests:
  - say: heeft u morgen een taart voor mij
    intent: cake
    connect: taarten
"""


@pytest.fixture
def broken(write: Write) -> Write:
    """Writes the bakery's dialplan, in which nothing is wrong, changed by `(old, new)` pairs."""

    return partial(write, text=BAKERY)

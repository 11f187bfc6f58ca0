from __future__ import annotations

from collections.abc import Callable
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

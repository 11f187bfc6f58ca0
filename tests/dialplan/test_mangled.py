"""However a file is mangled, nothing raises, and whatever keeps a part from being used is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicebot.dialplan.check import check_file
from voicebot.dialplan.loader import load_lenient

from .conftest import BAKERY

SIGNS = "\"'[]{}:-#&*!|>%@`\t ,?\x07ë\n“\u00a0\r"
TEXT = (
    BAKERY.replace(
        "taarten: {wrap_up: 5m}",
        "taarten:\n    hours:\n      open: {mon-fri: 09:00-12:00}\n      exceptions: {2026-12-24: closed}\n"
        "      closed: message\n    overflow_after: never",
    )
    .replace(
        "fallback:",
        "waiting: {music: prompts/music.wav, tell_place_every: 60s}\ncallbacks: {within: 4h, attempts: 3}\nfallback:",
    )
    .replace("prompts:\n", 'prompts:\n  place: "U bent de {position}, het duurt {minutes}."\n')
)
COUNT = len(TEXT)

insertion = st.tuples(st.just("insert"), st.integers(0, COUNT), st.sampled_from(SIGNS))
deletion = st.tuples(st.just("delete"), st.integers(0, COUNT), st.integers(1, 30))
shift = st.tuples(st.just("indent"), st.integers(0, TEXT.count("\n")), st.integers(0, 8))
copy = st.tuples(st.just("copy"), st.integers(0, TEXT.count("\n")), st.integers(0, TEXT.count("\n")))


def mangled(text: str, change: tuple[str, int, object]) -> str:
    kind, place, value = change
    lines = text.split("\n")
    match kind, value:
        case "insert", str(sign):
            return text[:place] + sign + text[place:]
        case "delete", int(length):
            return text[:place] + text[place + length :]
        case "indent", int(spaces):
            place = min(place, len(lines) - 1)
            lines[place] = " " * spaces + lines[place].lstrip()
        case "copy", int(other):
            lines.insert(place, lines[min(other, len(lines) - 1)])
    return "\n".join(lines)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.one_of(insertion, deletion, shift, copy), min_size=1, max_size=4))
def test_however_a_file_is_mangled_its_faults_are_told(tmp_path: Path, changes: list[tuple[str, int, object]]) -> None:
    text = TEXT
    for change in changes:
        text = mangled(text, change)
    path = tmp_path / "bol.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    checked, loaded = check_file(path, date(2026, 6, 1)), load_lenient(path)
    assert loaded.plan.prompts.greeting.text
    assert loaded.plan.team_of(None) == "generalists"
    assert (checked.broken, checked.left_out) == (loaded.broken, loaded.left_out)
    assert not loaded.faults or any(fault.severity == "error" for fault in checked.faults)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= fault.line <= lines + 1 and fault.column >= 1 for fault in checked.faults)

"""The server as the Procfile starts it, while people save dialplans in the folder that it looks at."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
import requests

from tests.test_server import CALL, PUBLIC, TOKEN, free_port, post, web_line

ROOT = Path(__file__).parent.parent
ONE, TWO = "+31201110001", "+31201110002"
PLAN = """
line: "{number}"
name: {name}
language: nl
prompts:
  greeting: {greeting}
teams: {{generalists: {{}}}}
intents:
  invoice: {{examples: [ik snap mijn factuur niet, mijn rekening klopt niet]}}
"""


class Server:
    """A server that is told from by its own log: what it says is waited for, no time is."""

    def __init__(self, log: IO[bytes], folder: Path) -> None:
        self._log = log
        self._folder = folder
        self.url = ""

    def says(self, pattern: str) -> re.Match[str]:
        seen = []
        for line in self._log:
            seen.append(line.decode())
            if found := re.search(pattern, seen[-1]):
                return found
        raise AssertionError(f"the server never said {pattern!r}:\n{''.join(seen)}")

    def save(self, name: str, number: str, greeting: str, damage: str = "") -> None:
        (self._folder / name).write_text(PLAN.format(number=number, name=name, greeting=greeting) + damage)

    def greets(self, sid: str, number: str = ONE) -> str:
        """What the caller of this call hears first."""
        answer = post(self.url, "/voice/incoming", {**CALL, "CallSid": sid, "To": number}).text
        (said,) = re.findall(r"<Say[^>]*>([^<]*)</Say>", answer)
        return str(said)

    def ready(self) -> str:
        return "\n".join(requests.get(self.url + "/readyz", timeout=30).json()["problems"])

    def latest(self) -> list[str]:
        figures = requests.get(self.url + "/metrics", timeout=30).text
        return re.findall(r'^voicebot_dialplan_latest\{file="([^"]+)",line="[^"]+"\} 1.0$', figures, re.MULTILINE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "dialplans"
    folder.mkdir()
    known = {
        "TWILIO_ACCOUNT_SID": CALL["AccountSid"],
        "TWILIO_AUTH_TOKEN": TOKEN,
        "PUBLIC_URL": PUBLIC,
        "SECRET_KEY": "k" * 32,
        "VOICEBOT_DATA": str(tmp_path / "data"),
        "VOICEBOT_DIALPLANS": str(folder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PORT": str(free_port()),
    }
    command = ["sh", "-c", "exec " + web_line()]
    process = subprocess.Popen(command, cwd=ROOT, env=known, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stderr is not None
    server = Server(process.stderr, folder)
    try:
        server.save("a.yaml", ONE, "Dag, met Alfa")
        server.save("b.yaml", TWO, "Dag, met Beta")
        server.url = server.says(r"Listening at: (http://[\d.:]+)")[1].replace("0.0.0.0", "127.0.0.1")
        server.says(r"b\.yaml, version")
        yield server
    finally:
        process.terminate()
        process.stderr.read()
        process.stderr.close()
    assert process.wait(timeout=60) == 0


def test_dialplans_are_saved_broken_mended_and_swapped_without_a_restart(server: Server) -> None:
    call: Callable[[int], str] = lambda number: "CA" + f"{number:032x}"  # noqa: E731
    assert server.greets(call(1)) == "Dag, met Alfa"

    server.save("a.yaml", ONE, "Hallo")
    server.says(r"a\.yaml, version")
    assert server.greets(call(1)) == "Dag, met Alfa"  # the same call, and it keeps its version
    assert server.greets(call(2)) == "Hallo"

    server.save("a.yaml", ONE, "Kapot", damage="intentz: {}\n")
    server.says("keeps answering")
    assert server.greets(call(3)) == "Hallo"
    assert "a.yaml:10:1: unknown key `intentz`: did you mean `intents`?" in server.ready()
    assert re.search(r"a\.yaml is not used until this is mended: the version of [\d-]+ \d\d:\d\d keeps", server.ready())
    assert server.latest() == ["b.yaml"]

    server.save("a.yaml", ONE, "Heel")
    server.says("no longer so: .*keeps answering")
    assert server.greets(call(4)) == "Heel" and "a.yaml" not in server.ready()
    assert server.latest() == ["a.yaml", "b.yaml"]

    server.save("a.yaml", TWO, "Nu op twee")
    server.save("b.yaml", ONE, "Nu op een")
    server.says(rf"line \{ONE} is answered with .*b\.yaml")
    assert (server.greets(call(5)), server.greets(call(6), TWO)) == ("Nu op een", "Nu op twee")
    assert server.greets(call(4)) == "Heel"

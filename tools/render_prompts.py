"""Render the recordings that dialplans name and that are missing: python tools/render_prompts.py [FOLDER]."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from voicebot.hearing.audio import write_wav
from voicebot.simulator.voice import synthesise

VOICES = {"nl": "nl+f2", "en": "en+f2"}
CALM = 140  # words a minute


def prompts(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """Of every dialplan in `folder` the prompts that name a recording: (WAV file, text, language)."""
    for file in sorted(folder.glob("*.yaml")):
        dialplan = YAML(typ="safe").load(file)
        for prompt in dialplan["prompts"].values():
            if isinstance(prompt, dict) and "audio" in prompt:
                yield folder / prompt["audio"], prompt["text"], dialplan["language"]


def main(folder: Path) -> None:
    """Write the recordings that are missing; what is there may be a person's voice, and stays."""
    for file, text, language in prompts(folder):
        if file.exists():
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        write_wav(file, synthesise(text, language, voice=VOICES[language], rate=CALM))
        print(f"{file}: {text}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "dialplans"))

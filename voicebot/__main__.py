"""`python -m voicebot` is the command `voicebot`."""

from voicebot.cli import main

main()

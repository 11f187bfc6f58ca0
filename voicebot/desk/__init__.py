"""The agents' page: who calls, what they said, and the customer's file."""

from voicebot.desk.routes import create_desk

__all__ = ["create_desk"]

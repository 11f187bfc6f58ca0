"""Listening: from the telephone's audio to words, and when to stop listening."""

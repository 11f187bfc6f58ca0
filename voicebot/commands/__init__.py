"""The commands of `voicebot`, one module a command group."""

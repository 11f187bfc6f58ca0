"""The pytest plugin: simulated calls as fixtures."""

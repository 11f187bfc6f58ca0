"""Other people's systems: which there are, how they are spoken to, and what they are told."""

"""People: who is there, who gets the call, and what happens when nobody answers."""

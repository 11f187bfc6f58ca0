"""From the words of a caller to an intent, learned from the examples in the dialplan alone."""

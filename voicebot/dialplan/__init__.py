"""The dialplan of a line: what is said, what callers ask for, and which team helps them."""

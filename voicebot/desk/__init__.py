"""The agents' page: who calls, what they said, and the customer's file."""

"""A stand-in for Twilio and its telephones, for demos, development and tests."""

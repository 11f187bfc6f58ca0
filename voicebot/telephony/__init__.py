"""The telephone: Twilio's webhooks, media stream, TwiML and REST."""

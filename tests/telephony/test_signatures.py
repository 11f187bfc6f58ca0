"""Signatures, against the worked examples of twilio.com/docs/usage/security and values computed by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from voicebot.telephony.signatures import Signatures

FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def signatures(url: str = "https://mycompany.com") -> Signatures:
    return Signatures(url, "12345", "s" * 32)


def signed(text: str) -> str:
    return base64.b64encode(hmac.new(b"12345", text.encode(), hashlib.sha1).digest()).decode()


@pytest.mark.parametrize("signature", ["RSOYDt4T1cUTdK1PDd93/VVr8B8=", "kvajT1Ptam85bY51eRf/AJRuM3w="])
def test_a_webhook_signed_with_or_without_its_port_is_taken(signature: str) -> None:
    assert signatures().webhook("/myapp.php?foo=1&bar=2", FORM, signature)


def test_a_webhook_with_another_field_url_or_token_is_refused() -> None:
    right = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert not signatures().webhook("/myapp.php?foo=1&bar=2", {**FORM, "Digits": "9"}, right)
    assert not signatures().webhook("/myapp.php?foo=1", FORM, right)
    assert not Signatures("https://mycompany.com", "54321", "s" * 32).webhook("/myapp.php?foo=1&bar=2", FORM, right)
    assert not signatures().webhook("/myapp.php?foo=1&bar=2", FORM, "")


@pytest.mark.parametrize("url", ["wss://mycompany.com/media", "wss://mycompany.com/media/"])
@pytest.mark.parametrize("port", ["", ":443"])
@pytest.mark.parametrize("public", ["https://mycompany.com", "https://mycompany.com:443"])
def test_a_stream_is_taken_with_or_without_port_and_slash(url: str, port: str, public: str) -> None:
    assert signatures(public).stream("/media", signed(url.replace(".com", ".com" + port)))


def test_a_stream_on_a_port_of_its_own_is_taken() -> None:
    assert signatures("https://mycompany.com:8443").stream("/media", signed("wss://mycompany.com:8443/media"))


def test_a_stream_signed_for_elsewhere_or_not_at_all_is_refused() -> None:
    assert not signatures().stream("/media", signed("wss://other.com/media"))
    assert not signatures().stream("/media", signed("https://mycompany.com/media"))
    assert not signatures().stream("/media", "")


def test_a_stream_token_opens_its_own_call_only() -> None:
    token = signatures().token("CA1", 1)
    assert signatures().token_is_right(token, "CA1")
    assert not signatures().token_is_right(token, "CA2")
    assert not signatures().token_is_right(token[:-1] + ("A" if token[-1] != "A" else "B"), "CA1")
    assert not Signatures("https://mycompany.com", "12345", "t" * 32).token_is_right(token, "CA1")
    assert not signatures().token_is_right("", "CA1")

"""The settings of single sign-on, checked together before anything starts."""

from __future__ import annotations

import pytest

from voicebot.errors import InputError
from voicebot.settings import read

NEEDED = {
    "PUBLIC_URL": "https://bot.example.org",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "token",
    "SECRET_KEY": "s" * 32,
}
OIDC = {
    "OIDC_ISSUER": "https://login.example.org/realms/us/",
    "OIDC_CLIENT_ID": "voicebot",
    "OIDC_CLIENT_SECRET": "a secret",
}


def test_without_a_provider_there_is_no_single_sign_on() -> None:
    assert read(NEEDED).oidc_issuer == ""


def test_a_provider_is_its_issuer_an_id_and_a_secret() -> None:
    settings = read({**NEEDED, **OIDC, "OIDC_NAME": "Noorderlicht"})
    assert settings.oidc_issuer == "https://login.example.org/realms/us"
    assert (settings.oidc_client_id, settings.oidc_client_secret) == ("voicebot", "a secret")
    assert settings.oidc_name == "Noorderlicht" and "a secret" not in repr(settings)


@pytest.mark.parametrize("missing", OIDC)
def test_a_part_of_it_is_nothing(missing: str) -> None:
    given = {name: value for name, value in OIDC.items() if name != missing}
    with pytest.raises(InputError, match="OIDC_ISSUER and OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together"):
        read({**NEEDED, **given})


@pytest.mark.parametrize(
    ("issuer", "told"),
    [("http://login.example.org", "is not safe"), ("login.example.org", "is not a web address")],
)
def test_a_provider_is_asked_over_tls(issuer: str, told: str) -> None:
    with pytest.raises(InputError, match=f"OIDC_ISSUER {told}"):
        read({**NEEDED, **OIDC, "OIDC_ISSUER": issuer})
    assert read({**NEEDED, **OIDC, "OIDC_ISSUER": "http://localhost:9400"}).oidc_issuer  # on this machine, to try it

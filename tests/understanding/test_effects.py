"""What a change of a dialplan does, told before it is made."""

from __future__ import annotations

from typing import Any

from voicebot.dialplan.schema import Dialplan
from voicebot.understanding.effects import Effects, compare
from voicebot.understanding.match import Understanding, learn

EXAMPLES = {
    "order": ["ik wil brood bestellen", "kan ik een taart bestellen", "ik bestel graag twee broden", "een bestelling"],
    "complaint": ["ik heb een klacht", "het brood was oud", "ik ben niet tevreden over de taart", "dit was slecht"],
    "hours": [
        "hoe laat gaan jullie open",
        "zijn jullie zondag open",
        "wat zijn de openingstijden",
        "tot hoe laat open",
    ],
}
TESTS = [
    {"say": "ik wil graag een taart bestellen", "intent": "order"},
    {"say": "wanneer zijn jullie open", "intent": "hours"},
    {"say": "wat is het weer vandaag", "intent": "-"},
]
CALLERS = ["mijn croissants waren verbrand", "ik wil graag brood bestellen"]


def understood(examples: dict[str, list[str]], tests: list[dict[str, str]] = TESTS) -> Understanding:
    intents: dict[str, Any] = {name: {"examples": said} for name, said in examples.items()}
    data = {"line": "+31201234567", "name": "Bol", "language": "nl", "intents": intents, "tests": tests}
    return learn(Dialplan.model_validate(data))


def change(intent: str, *said: str) -> Effects:
    after = {**EXAMPLES, intent: [*EXAMPLES[intent], *said]}
    return compare(understood(EXAMPLES), understood(after), CALLERS)


def test_a_change_that_changes_nothing_else_says_so() -> None:
    same = compare(understood(EXAMPLES), understood(EXAMPLES), CALLERS)
    assert (same.tests, same.failing, same.mended, same.still) == (3, (), (), 0)
    assert (same.understood, same.lost, same.strayed) == ((), (), ())


def test_sentences_of_callers_that_become_clear_are_told() -> None:
    effects = change("complaint", "mijn croissants waren verbrand en hard")
    (moved,) = effects.understood
    assert (moved.text, moved.before.intent, moved.after.intent) == (CALLERS[0], None, "complaint")


def test_a_test_that_would_fail_is_told() -> None:
    (failing,) = change("hours", "wat is het weer vandaag").failing
    assert (failing.test.say, failing.match.intent) == ("wat is het weer vandaag", "hours")


def test_a_test_that_would_pass_again_is_told() -> None:
    tests = [*TESTS, {"say": "de croissants waren verbrand", "intent": "complaint"}]
    after = {**EXAMPLES, "complaint": [*EXAMPLES["complaint"], "mijn croissants waren verbrand"]}
    effects = compare(understood(EXAMPLES, tests), understood(after, tests), [])
    assert [one.test.say for one in effects.mended] == ["de croissants waren verbrand"]
    assert effects.failing == ()


def test_a_test_that_fails_either_way_is_only_counted() -> None:
    tests = [{"say": "wat is het weer vandaag", "intent": "order"}]
    effects = compare(understood(EXAMPLES, tests), understood(EXAMPLES, tests), [])
    assert (effects.still, effects.failing) == (1, ())


def test_a_test_that_is_new_and_fails_is_told() -> None:
    tests = [*TESTS, {"say": "ik wil brood bestellen", "intent": "-"}]
    effects = compare(understood(EXAMPLES), understood(EXAMPLES, tests), [])
    assert [one.test.say for one in effects.failing] == ["ik wil brood bestellen"]


def test_examples_that_come_to_look_like_another_intent_are_told() -> None:
    effects = change("complaint", "ik wil taart bestellen", "kan ik brood bestellen", "ik bestel graag een taart")
    assert {(intent, other) for _, intent, other in effects.strayed} == {("order", "complaint")}

"""Who is calling, decided from values alone: what was said, who fits it, and whose number the call comes from.

Certain is only what rests on two things that are independent of each other, or on the number of the call:
- a customer number that was heard, and the caller's name or telephone number with it;
- one customer alone with the number of the call, unless a number or an address that was said is somebody else's;
- housemates who share the number of the call, of whom exactly one has the surname by which the caller introduced
  themselves. The line proves the household and the name the person; a name that is merely mentioned proves nothing,
  and housemates of one surname stay several.
All else with a best candidate that stands out is a maybe, which an agent confirms.
"""

from __future__ import annotations

from collections.abc import Sequence

from voicebot.calls import Clue, Identity
from voicebot.directory.customer import Customer
from voicebot.directory.likeness import LIKE, UNLIKE, Candidate, name_likeness, weigh
from voicebot.understanding.mentions import Mentions

SURELY = 0.85  # a housemate's name is this much like the one that was said
_ENOUGH = 3.0  # points of a maybe; see likeness
_STANDS_OUT = 1.0  # points before the next one
_A_NAME = 0.92  # how alike a name alone must be for a maybe
_WORTH_A_LOOK = 2.5  # points of one among several
_SHOWN = 5


def who(said: Mentions, found: Sequence[Candidate], callers: Sequence[Customer]) -> Identity | None:
    """Who it seems to be. `callers` have the number of the call; `found` are who else fits; None: nobody known."""
    known = {customer.id for customer in callers}
    own = [weigh(customer, said, calls_from=True) for customer in callers]
    others = [one for one in found if one.customer.id not in known]
    ranked = sorted([*own, *others], key=lambda one: (-one.score, one.customer.id))
    heard = len(said.words)
    for decide in (_by_number, _by_caller_id, _by_housemate):
        certain = decide(ranked, own, said)
        if certain:
            return _identity("certain", certain, ranked, heard)
    return _likeliest(ranked, own, heard)


def _by_number(ranked: Sequence[Candidate], _own: object, _said: object) -> Candidate | None:
    """The only one whose number was heard, when name or telephone agree."""
    numbered = [one for one in ranked if "number" in one.clues]
    if len(numbered) != 1:
        return None
    agrees = {"name", "caller_id", "phone"} & set(numbered[0].clues)
    return numbered[0] if agrees and not numbered[0].other_name else None


def _by_caller_id(ranked: Sequence[Candidate], own: Sequence[Candidate], _said: object) -> Candidate | None:
    """The only one with the number of the call, unless what was said is somebody else's for sure."""
    alone = own[0] if len(own) == 1 else None
    return None if alone is None or any(_claims(one) for one in ranked if one is not alone) else alone


def _claims(one: Candidate) -> bool:
    address = {"postcode", "house_number"} <= set(one.clues) and "name" in one.clues
    return "number" in one.clues or address or ("nearly_number" in one.clues and "name" in one.clues)


def _by_housemate(ranked: Sequence[Candidate], own: Sequence[Candidate], said: Mentions) -> Candidate | None:
    """The only one of those who share the number of the call with the name that the caller gave."""
    if len(own) < 2 or any(_claims(one) for one in ranked if one not in own):
        return None
    introduced = [name for name in said.names if name.introduced]
    alike = [name_likeness(introduced, one.customer.name, said.language) for one in own]
    fits = [one for one, likeness in zip(own, alike, strict=True) if likeness >= SURELY]
    unlike = sum(likeness < UNLIKE for likeness in alike)
    return fits[0] if len(fits) == 1 and unlike == len(own) - 1 else None


def _likeliest(ranked: Sequence[Candidate], own: Sequence[Candidate], heard: int) -> Identity | None:
    if not ranked:
        return None
    best, second = ranked[0], ranked[1].score if len(ranked) > 1 else 0.0
    if best.score - second >= _STANDS_OUT and (best.score >= _ENOUGH or _name_alone(best)):
        return _identity("maybe", best, ranked, heard)
    several = [one for one in ranked if one in own or (one.score >= _WORTH_A_LOOK and len(one.clues) > 1)]
    if len(several) < 2 and best not in own:
        return _identity("maybe", several[0], ranked, heard) if several and several[0].score >= _ENOUGH else None
    return Identity(
        how="several",
        customers=tuple(one.customer.id for one in several[:_SHOWN]) if several else (),
        rests_on=_shared(several),
        heard=heard,
    )


def _name_alone(one: Candidate) -> bool:
    return "name" in one.clues and one.name >= max(LIKE, _A_NAME) and not one.other_name


def _shared(several: Sequence[Candidate]) -> tuple[Clue, ...]:
    """What speaks for all of them."""
    return tuple(clue for clue in several[0].clues if all(clue in one.clues for one in several)) if several else ()


def _identity(how: str, chosen: Candidate, ranked: Sequence[Candidate], heard: int) -> Identity:
    others = [one.customer.id for one in ranked if one is not chosen and (one.score >= _WORTH_A_LOOK)]
    ids = (chosen.customer.id, *(others if how == "maybe" else [])[: _SHOWN - 1])
    return Identity.model_validate({"how": how, "customers": ids, "rests_on": chosen.clues, "heard": heard})


def better(old: Identity | None, new: Identity | None) -> bool:
    """Whether `new` takes the place of `old`: it heard more, or as much and is surer. So late news changes nothing."""
    if new is None or old is None:
        return new is not None
    return (new.heard, _SURENESS[new.how]) > (old.heard, _SURENESS[old.how])


_SURENESS = {"several": 0, "maybe": 1, "certain": 2}

"""Which synthetic voices teach, and which are kept to test with."""

from __future__ import annotations

# espeak-ng languages; British English is named "en". American is drawn twice as often.
ACCENTS = {"nl": ["nl"], "en": ["en-us", "en-us", "en"]}

TEST_VARIANTS = ["m4", "f3", "Andy", "edward", "linda", "Mike", "pablo", "max", "Jacky", "klatt2", "belinda", "quincy"]

# The plain voice and those that most programs use come two or three times.
TRAINING_VARIANTS = [
    "", "", "", "m1", "m2", "m3", "m5", "m6", "m7", "m8", "f1", "f2", "f4", "f5",
    "m1", "m2", "m3", "m7", "f1", "f2", "f4", "f5",
    "Alicia", "Andrea", "Annie", "Denis", "Diogo", "Gene", "Henrique", "Hugo", "Lee", "Marco", "Mario",
    "Michael", "Storm", "Nguyen", "adam", "anika", "antonio", "aunty", "benjamin", "boris", "caleb",
    "david", "ed", "grandma", "grandpa", "iven", "iven3", "john", "klatt", "klatt3", "klatt4", "marcelo",
    "michel", "miguel", "norbert", "paul", "pedro", "rob", "robert", "sandro", "shelby", "steph", "steph2",
    "travis", "victor", "zac", "whisper", "croak",
]  # fmt: skip

TRAINING_FLITE = ["kal", "kal16", "awb", "slt"]
TEST_FLITE = "rms"  # a person's voice that no training sentence has

"""Faults in a dialplan file and what is told of them."""

from __future__ import annotations

# What is changed in the sound dialplan → what is told, with its place.
BROKEN = {
    "a misspelled key": (
        ("name: Bakkerij Bol", "nam: Bakkerij Bol"),
        ["1:1: `name` is missing: add it here", "2:1: unknown key `nam`: did you mean `name`?"],
    ),
    "a misspelled key deep inside": (
        ("    keywords: [taart]", "    keyword: [taart]"),
        ["19:5: unknown key `keyword`: did you mean `keywords`?"],
    ),
    "a key like no other": (
        ("{wrap_up: 5m}", "{zzzz: 5m}"),
        [
            "8:13: unknown key `zzzz`: choose from contact_person, hours, in_a_row, overflow_after, ring_timeout,"
            " supervisors, taskrouter, wrap_up"
        ],
    ),
    "a repeated key": (
        ("  cake:\n", "  order:\n"),
        ["16:3: `order` was given before, on line 10: keep one of the two"],
    ),
    "a number without its country": (
        ('"+31201234567"', "0201234567"),
        [
            "1:7: `line`: '0201234567' is not a telephone number: write it with its country code"
            " in place of the first 0, such as +31201234567, or write a SIP address, such as sip:name@example.com"
        ],
    ),
    "an unknown language": (
        ("language: nl", "language: Dutch"),
        ["3:11: `language`: 'Dutch' is not the code of a language: write two letters, such as nl, en or de"],
    ),
    "an unknown tab": (
        ("opens: contracts", "opens: contract"),
        ["15:12: `intents.order.opens` is 'contract': did you mean `contracts`?"],
    ),
    "a duration without a unit": (
        ("wrap_up: 5m", "wrap_up: 5"),
        [
            "8:22: `teams.taarten.wrap_up`: '5' is not a duration: write a number and s, m, h or d,"
            " such as 60s, 5m or 30d"
        ],
    ),
    "a list that is one text": (
        ("examples: [ik wil een taart, mijn taart is stuk]", "examples: ik wil een taart"),
        [
            "18:15: `intents.cake.examples` must be a list: write [ik wil een taart], or each item on a line of its own"
            " after a - and a space"
        ],
    ),
    "a choice that is neither true nor false": (
        ("{wrap_up: 5m}", "{supervisors: ja}"),
        ["8:26: `teams.taarten.supervisors` is 'ja': write true or false"],
    ),
    "a required value left empty": (
        ("name: Bakkerij Bol", "name:"),
        ["2:1: `name` is empty: write a value after the colon, or remove it"],
    ),
    "a test without an intent": (
        ("    intent: cake\n", ""),
        ["22:5: `tests[1].intent` is missing: add it here"],
    ),
    "a list where a mapping belongs": (
        ("teams:\n  generalists: {}\n  taarten: {wrap_up: 5m}", "teams: [generalists]"),
        ["6:8: `teams` must be keys with values, each on a line of its own"],
    ),
    "an intent that names itself": (
        ("    title: Taart", "    id: cake\n    title: Taart"),
        ["17:5: unknown key `id`: the name of the intent is its key, `cake`; remove this"],
    ),
    "a team name with a space": (
        ("  taarten: {", "  de taarten: {"),
        ["8:3: the name 'de taarten' may hold letters, digits, _ and - only: write `de_taarten`"],
    ),
    "a ring of one second": (
        ("wrap_up: 5m", "ring_timeout: 1s"),
        ["8:27: `teams.taarten.ring_timeout` is too small: write 5 or more"],
    ),
    "a key of another part": (
        ("{wrap_up: 5m}", "{head_start: 5m}"),
        ["8:13: unknown key `head_start`: it belongs under an intent"],
    ),
    "a choice of what happens when closed that stands beside the hours": (
        ("{wrap_up: 5m}", "{closed: message}"),
        ["8:13: unknown key `closed`: it belongs under `hours` or an intent or `prompts`"],
    ),
    "an overflow that is no time": (
        ("{wrap_up: 5m}", "{overflow_after: nooit}"),
        [
            "8:29: `teams.taarten.overflow_after`: 'nooit' is not a duration: write a number and s, m, h or d,"
            " such as 60s, 5m or 30d, or write `never`"
        ],
    ),
    "a workflow that is none": (
        ("{wrap_up: 5m}", "{taskrouter: WS0123456789abcdef0123456789abcdef}"),
        [
            "8:25: `teams.taarten.taskrouter`: 'WS0123456789abcdef0123456789abcdef' is not a workflow: copy its SID"
            " from Twilio's console, WW and 32 digits and letters from a to f"
        ],
    ),
    "callbacks that are tried too often": (
        ("tests:", "callbacks: {attempts: 11}\ntests:"),
        ["21:23: `callbacks.attempts` is too large: write 10 or less"],
    ),
    "hand-overs in words": (
        ("tests:", "hand_overs: een\ntests:"),
        ["21:13: `hand_overs` is 'een': write a whole number"],
    ),
    "a placeholder in a prompt that has none": (
        ("Waarmee kan ik u helpen?", "Waarmee kan {name} u helpen?"),
        ["5:13: `prompts.greeting`: nothing is filled in here: write the words themselves, without { and }"],
    ),
    "an unknown placeholder": (
        ("  greeting: Bakkerij", "  place: U bent {positie}.\n  greeting: Bakkerij"),
        ["5:10: `prompts.place`: {positie} cannot be filled in here: did you mean `{position}`?"],
    ),
    "a placeholder of another prompt": (
        ("  greeting: Bakkerij", "  promised: Over {minutes}.\n  greeting: Bakkerij"),
        ["5:13: `prompts.promised`: {minutes} cannot be filled in here: choose from {when}"],
    ),
    "braces that are doubled": (
        ("  greeting: Bakkerij", "  place: U bent {{position}}.\n  greeting: Bakkerij"),
        [
            "5:10: `prompts.place`: a { or } too many: write {position} or {minutes} with one on either side,"
            " and none elsewhere"
        ],
    ),
    "a brace that is not closed": (
        ("  greeting: Bakkerij", "  callback: Tot {when.\n  greeting: Bakkerij"),
        ["5:13: `prompts.callback`: a { or } too many: write {when} with one on either side, and none elsewhere"],
    ),
    "a text that begins with a placeholder": (
        ("  greeting: Bakkerij", "  callback: {when} bellen we u.\n  greeting: Bakkerij"),
        ['5:13: a text that begins with { must stand in quotes: put one " before it and one after it'],
    ),
    "a tab as indentation": (
        ("  generalists: {}", "\tgeneralists: {}"),
        ["7:1: indent with spaces: a tab is not allowed in front of a line"],
    ),
    "a colon inside a text": (
        ("title: Taart", "title: Taart: groot"),
        ['17:17: a text with a colon must stand in quotes: put one " before it and one after it'],
    ),
    "a quote never closed": (
        ("title: Taart", 'title: "Taart'),
        ['17:12: the quote " that is opened here is never closed: close it, or leave it out'],
    ),
    "a bracket never closed": (
        ("keywords: [taart]", "keywords: [taart"),
        ["19:15: the bracket [ that is opened here is never closed: add ] at the end"],
    ),
    "a lone dash": (
        ("    intent: cake", "    intent: -"),
        ['23:13: write a lone - in quotes, as "-"'],
    ),
    "two dialplans in one file": (
        ("tests:", "---\ntests:"),
        ["21:1: this is not YAML: keep one dialplan a file: remove the line ---"],
    ),
    "a star before a text": (
        ("title: Taart", "title: *taart"),
        ['17:12: a text that begins with * must stand in quotes: put one " before it and one after it'],
    ),
    "an alias of itself": (
        ("keywords: [taart]", "keywords: &a [*a]"),
        ["19:15: this alias (*) holds itself: write the text out"],
    ),
}

# What is written under `hours:` → what is told about it, without the place.
HOURS = {
    "open: {mon-fri: 8-17}": ("`hours.open.mon-fri`: '8-17' is not a range of times: did you mean 08:00-17:00?"),
    "open: {ma-vr: 08:00-17:00}": ("`hours.open.ma-vr`: 'ma-vr' is no day: did you mean `mon-fri`?"),
    "open: {mon: 08:00-25:00}": (
        "`hours.open.mon`: '08:00-25:00' holds a time that does not exist: times run from 00:00 to 24:00"
    ),
    "open: {mon: 08:00-08:00}": (
        "`hours.open.mon`: '08:00-08:00' has no length: a whole day is 00:00-24:00, and a closed day is closed"
    ),
    "open: {mon: [08:00-12:00, 11:00-17:00]}": (
        "`hours.open.mon`: these opening times overlap: write them as one range or keep them apart"
    ),
    "open: {mon-fri: 08:00-17:00, wed: closed}": ("`hours.open`: wed is given twice: leave it out of one of the two"),
    "open: {}\n  timezone: Europe/Amsterdm": (
        "`hours.timezone`: 'Europe/Amsterdm' is not a time zone: did you mean `Europe/Amsterdam`?"
    ),
    "open: {}\n  holidays: XX": (
        "`hours.holidays`: 'XX' has no known public holidays: write a country code such as NL, BE or GB-ENG"
    ),
    "open: {}\n  exceptions: {24-12-2026: closed}": (
        "`hours.exceptions.24-12-2026`: '24-12-2026' is not a date: write year-month-day, such as 2026-12-24"
    ),
}

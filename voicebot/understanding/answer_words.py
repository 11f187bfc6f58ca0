"""What the words of an answer to "would you rather be called back?" stand for, in nl and en; longer phrases go first.

y  says yes                        n  says no                        .  says nothing by itself
c  asks to be called               w  waits, stays on the line       ,  the same, but no sentence ends in it
b  calls back, whoever does        g  is called back, whoever is     k  calls; o  the caller, after or before it
!  negates what is beside it       p  prefers what follows           i  the caller wants or does what follows
q  asks, tells of something else, or was not heard (unk), so that nothing is agreed to
l  goes with waiting that is refused   ?  any other word
"""

from __future__ import annotations

DUTCH = {
    "y": """
        ja, ja goed, goed hoor, jawel, jazeker, zeker, graag, prima, akkoord, natuurlijk, uiteraard, uitstekend,
        fijn, is goed, is prima, is fijn, is oke, doe maar, doet u maar, doe dat maar, doet u dat maar, bel maar,
        belt u maar, bel gerust, vind ik goed, vind ik prima, lijkt me goed, lijkt me prima, lijkt me fijn,
        lijkt me handig, lijkt me wel handig, lijkt mij goed, lijkt me beter, is handig, is beter, zou fijn zijn,
        zou mooi zijn, zou prettig zijn, goed idee, goed plan, waarom niet, geen probleem, geen bezwaar, dat wil ik,
        dat wil ik wel, dat wil ik graag, ik wil wel, ik wil dat wel, dat mag, mag wel, mag ook, doe dat,
        komt goed uit, komt mij goed uit, komt me goed uit, zou goed uitkomen, zou mij goed uitkomen
    """,
    "n": """
        nee, neen, hoeft niet, niet nodig, doe maar niet, laat maar, nu niet, niet nu, nog niet, zeker niet,
        absoluut niet, echt niet, beslist niet, natuurlijk niet, geen sprake van, geen zin in, geen behoefte aan,
        liever nu
    """,
    "c": """
        teruggebeld worden, teruggebeld te worden, teruggebeld word, gebeld worden, gebeld te worden,
        terug gebeld worden, bel terug, terugbelafspraak, terugbelverzoek
    """,
    "b": """
        terugbellen, terug bellen, terug te bellen, terugbelt, terug belt
    """,
    "g": """
        teruggebeld, terug gebeld, gebeld
    """,
    "k": """
        bel, belt, bellen, te bellen
    """,
    "o": """
        me, mij, ons
    """,
    "w": """
        ik wacht, wacht ik, wachten, wacht wel, wacht liever, wacht nog, blijf, blijven, hangen, hang wel,
        aan de lijn, in de rij, hou vol, hou wel vol, houd vol, houd het vol, hou het vol, hou het nog
    """,
    "!": """
        niet, geen, nooit, niemand, niks, niets, zonder
    """,
    "p": """
        liever, het liefst, liefst, beter
    """,
    "i": """
        ik wil, ik wil graag, ik wil wel graag, ik wou, wil ik, kan ik, mag ik, zal ik, ga ik, ik zal, ik ga, ik kan
    """,
    "q": """
        hoe, hoeveel, hoelang, wanneer, waarom, wat, wie, welk, welke, waar, waarvoor, duurt, moet ik, word ik,
        wordt, verlies, als u, als jullie, als ik teruggebeld, bellen jullie, ik bel, bel ik, wij bellen,
        bellen wij, zelf, zou, zouden, hebben, heeft, hebt, had, hadden, was, waren, werd, beloofd, gezegd,
        gevraagd, gisteren, eergisteren, vorige, gebeurd, wacht even, wacht eens, wacht, al wachten, wacht al,
        ik wacht al, ik wacht nu al, sta al, zit al, het wachten, wachttijd, wachtrij, u belt, jullie bellen,
        jullie terugbellen, unk
    """,
    ",": """
        maar, een, de, het, om, te, en, of, want, als, mijn, op, in, dat, dit, die, met uw, voor, naar, is, ik heb,
        heb ik, kunt u, kan u, wilt u, kunnen jullie, willen jullie, kun je, wil je, kan je
    """,
    "l": """
        lang, langer, zo lang, nog langer, tijd, zin, geduld
    """,
    "?": """
        ik hoor, hoor u, hoor je, ik
    """,
    ".": """
        u, je, jij, jullie, hoef, hoeft, dan, wel, even, eventjes, effe, toch, hoor, dank, dank u, dank u wel,
        bedankt, alstublieft, alsjeblieft, nou, oke, zo, gewoon, snel, mogelijk, kan, kunt, kun, kunnen, wil, wilt,
        willen, mag, word, worden, terug, straks, later, nog, ook, weer, heel, erg, echt, nummer, mobiel, mobiele,
        mobieltje, dit nummer, telefoon, ik zou graag, ik zou liever, ik zou wel, zou graag, zou ik graag,
        zou ik liever, laat, als het kan, als dat kan, als het mogelijk is, als dat mogelijk is, als u tijd heeft,
        als u tijd hebt, als jullie tijd hebben, wanneer het, geen haast, zo snel mogelijk, dan wachten,
        dan te wachten, in plaats van wachten, in plaats van te wachten, dan teruggebeld, dan terugbellen,
        dan teruggebeld worden, dan dat u mij belt, dan dat u mij terugbelt, niet erg, ga maar, meneer, mevrouw,
        word ik liever, word ik graag
    """,
}
ENGLISH = {
    "y": """
        yes, yes i would, yes i do, yes good, yes i would like that, yeah, yep, yup, sure, certainly, absolutely,
        definitely, of course, go ahead, please do, do that, do it, fine, perfect, great, lovely, that is fine,
        is fine, is good, is great, is okay, is ok, is perfect, is better, sounds good, sounds great, sounds fine,
        that works, works for me, would be great, would be good, would be nice, would be lovely, would be perfect,
        would be fine, would be better, would be helpful, good idea, why not, no problem, not a problem,
        i would like that, i would love that, i would prefer that, i would appreciate that, that would help,
        suits me, would suit me, would be easier, would be best
    """,
    "n": """
        no, nope, nah, no thanks, no thank you, not now, not necessary, not needed, no need, not be necessary,
        never mind, do not bother, not really, not at all, not yet, absolutely not, certainly not, definitely not,
        of course not, no callback, no call back, no calls
    """,
    "c": """
        a callback, a call back, a call, the call back, the callback, be called, be called back, get called,
        get called back, being called back, give me a ring, give me a bell, give us a ring, be phoned, be rung,
        be phoned back, be rung back
    """,
    "b": """
        call back, calling back, ring back, phone back, callback
    """,
    "g": """
        called back, called, rung back, phoned back
    """,
    "k": """
        call, calls, ring, phone, calling
    """,
    "o": """
        me, us
    """,
    "w": """
        wait, waiting, hold, holding, hold on here, hang on here, i will hang on, will hold on, stay, staying,
        remain, on the line, hold the line, keep my place, stay on hold, remain on hold, in the queue, in line,
        wait on
    """,
    "!": """
        do not want, do not want to, do not need, do not need to, do not have, do not have to, not, never, nobody,
        no one, none, neither, without, no time, can not, do not, will not, i do not want, i do not want to,
        i do not need, i do not need to, i do not have, i do not have to, i can not, i do not, i will not
    """,
    "p": """
        rather, prefer, prefer to, preferably, better
    """,
    "i": """
        yes i would like, yes i would like to, i will, i can, i could, i would, i want, i want to, i would like,
        i would like to, i would love, i would love to, can i, could i, may i, shall i, let me, i am going to,
        will i, i have to, i need to, i must
    """,
    "q": """
        how, when, why, what, who, which, where, do you, did you, does, did, have you, has, are you, is it,
        is there, is this, am i, do i, if you, if i, you said, you were, you promised, going to, supposed, promised,
        said, yesterday, last, had, was, were, been, on hold, hold on, hang on, wait a minute, wait a second,
        wait a moment, missed, got, hold on a, i call, i am calling, calling you, call you, call you back, myself,
        waited, the waiting, the wait, you will, you are, you call, unk
    """,
    ",": """
        but, a, an, the, to, and, or, because, if, my, on, in, at, for, that i, with, is, would, could, can, will,
        have, could you, can you, will you, would you
    """,
    "l": """
        any, longer, any longer, much longer, so long, that long, time, keep, patience
    """,
    "?": """
        it is, this is, i
    """,
    ".": """
        you, it, that, this, be, please, thanks, thank you, thank, very much, so much, well, ok, okay, oh, alright,
        all right, then, just, so, back, later, soon, someone, somebody, this number, number, mobile, cell,
        my phone, my mobile, a bit, a little, bit, little, get, if possible, if you can, if you could,
        if that is possible, if that is okay, if it is possible, when you can, when you are, when you, when it is,
        when someone, whenever, as soon as possible, as soon as you can, no rush, no hurry, instead,
        instead of waiting, than wait, than waiting, rather than wait, rather than waiting, than be called,
        than be called back, than a callback, than a call back, i suppose, i suppose so, i think, i think so,
        i guess, i guess so, sir, madam, actually, really
    """,
}
ANSWER_WORDS = {"nl": DUTCH, "en": ENGLISH}

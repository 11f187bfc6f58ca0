"""What callers answer to "would you rather be called back?", by what they mean; "-" is neither yes nor no."""

DUTCH = {
    "yes": """
        ja
        ja graag
        graag
        ja hoor
        jazeker
        ja ja graag
        ja doe maar
        doe dat maar
        ja oké doe maar
        bel me maar terug
        ja bel mij maar
        bel me maar
        belt u mij maar terug
        belt u maar terug
        bel mij morgen na vijf uur
        bel me vanavond even
        bel maar op mijn mobiel
        bel mij terug op nul zes een twee drie vier vijf zes zeven acht
        graag terugbellen
        terugbellen
        ja terugbellen alstublieft
        dat is goed
        ja dat is goed hoor
        is goed
        ja prima
        liever teruggebeld worden
        ik word liever teruggebeld
        ik wil graag teruggebeld worden
        kan ik teruggebeld worden
        mag ik ook teruggebeld worden
        ik wil liever dat u mij belt
        kunt u mij terugbellen
        kunt u mij morgenochtend terugbellen
        kunnen jullie mij straks even bellen
        wilt u mij terugbellen
        ja als dat kan
        ja graag als dat mogelijk is
        ja morgen graag
        ja morgen na vijf uur
        ja graag tussen twee en vier
        morgen na vijf uur
        vanmiddag na drieën graag
        ja maar niet voor twaalf uur
        ja bel me maar niet voor negen uur
        ja maar wel vandaag nog
        ik wil niet langer wachten
        nou ik wil niet zo lang wachten
        ik wacht niet langer bel me maar terug
        ik heb geen tijd om te wachten
        liever niet wachten
        liever teruggebeld dan wachten
        terugbellen in plaats van wachten graag
        ja dat lijkt me goed
        dat zou fijn zijn
        ja waarom niet
        ja geen probleem
        ja natuurlijk
        ja met de vries bel me maar terug
        ik zou graag teruggebeld worden
        ja dat wil ik wel
        ja bel me als ik aan de beurt ben
        zeker
        laat iemand mij maar bellen
        ik moet zo weg bel mij terug
        eh ja graag
        ja belt u mij dan even zo snel mogelijk
    """,
    "no": """
        nee
        nee hoor
        nee nee
        nou nee
        nee dank u
        nee dank u ik blijf hangen
        nee ik wacht wel
        nee ik wacht liever
        ik wacht liever
        ik wacht wel even
        ik wacht nog even
        ja maar ik wacht nog even
        ja ik wacht
        prima dan wacht ik
        ik blijf hangen
        ik blijf liever aan de lijn
        ik blijf wel wachten
        wij blijven aan de lijn
        liever niet
        liever wachten
        nee liever niet
        nee doe maar niet
        hoeft niet
        dat hoeft niet hoor
        niet nodig
        niet terugbellen
        nee niet terugbellen
        bel me niet terug
        bel mij maar niet
        u hoeft mij niet terug te bellen
        ik hoef niet teruggebeld te worden
        ik wil niet teruggebeld worden
        ik wil niet dat u mij belt
        geen terugbelafspraak alstublieft
        nu niet
        absoluut niet
        laat maar
        nee bedankt
        ik hou het nog wel vol
        ik wacht liever dan dat u mij belt
        nee want ik heb vanmiddag geen tijd
        niemand belt mij terug
    """,
    "-": """
        hallo
        ja hallo
        ja goedemorgen
        goede morgen
        morgen
        ja met jansen
        ja u spreekt met jansen
        ja hallo met jansen ik bel over mijn factuur
        hoe lang duurt het nog
        ja maar hoe lang duurt het nog
        hoeveel wachtenden zijn er voor mij
        wanneer word ik dan teruggebeld
        wanneer belt u mij dan
        wat zegt u
        wat
        wie is daar
        moet ik nog lang wachten bel me dan maar
        ja ik ben er nog
        ja ik hoor u
        ja ik wil
        ja ik wil graag
        ja ik wil graag een medewerker
        ja graag een medewerker
        graag een mens
        ja maar
        ja en
        ja ik wil iemand spreken
        ik heb een vraag over mijn rekening
        ik snap mijn factuur niet
        dat weet ik niet
        ik weet het niet
        ik versta u niet
        ik bel later terug
        dan bel ik later wel terug
        ja ik bel morgen zelf terug
        kan ik later terugbellen
        mag ik u terugbellen
        ik wil later terugbellen
        u zou mij terugbellen
        ik zou teruggebeld worden maar dat is niet gebeurd
        jullie hebben beloofd mij terug te bellen
        ik ben gisteren al gebeld
        jullie hebben mij gebeld
        ik ben al drie keer teruggebeld
        als u mij terugbelt verlies ik dan mijn plek
        nee bel me maar terug
        ik wacht al een uur bel me terug
        wacht even
        ja wacht even
        ja wat nou
        jaja
        jullie bellen toch nooit terug
        u belt mij nooit terug
        oke
        alstublieft
        het
        een half uur
        nog tien minuten
        unk
        unk ja
        ja unk unk
        ja …
        … terugbellen
        … ja graag
        … bel me maar terug
        bel me … terug
        ja ik wel
        ja graag unk

        papa komt zo
        zet de televisie eens uit
        ja kom maar
        ja dat klopt
    """,
}
ENGLISH = {
    "yes": """
        yes
        yes please
        yeah sure
        sure
        yes that's fine
        that's fine
        that would be great
        yes that would be lovely thank you
        okay yes
        please do
        go ahead
        of course
        call me back
        please call me back
        just call me back please
        call me back when it's my turn
        call me back as soon as you can
        yes call me
        yes call me tomorrow after five
        call me this afternoon
        ring me back
        phone me tomorrow morning please
        could you call me back
        can you ring me back later today
        would you please call me back
        i'd like a callback
        i would like a call back please
        can i get a callback
        could i be called back
        i'd like to be called back
        i'd rather be called back
        i would prefer a callback
        i want to be called back
        a callback please
        callback please
        please call back
        give me a ring later
        yes give me a call back
        yes i'd like that
        yes i would
        i would prefer that
        sounds good
        that works for me
        why not
        yes no problem
        i don't want to wait
        i don't want to wait any longer
        i can't wait that long
        i'd rather not wait
        i can't keep waiting call me back
        i'd rather be called back than wait
        a callback instead of waiting please
        tomorrow after five
        between two and three
        yes between two and three please
        yes but not before twelve
        yes this afternoon
        call me but not before nine
        yes in half an hour
        yes anna smith here call me back
        call me back on oh seven seven double oh nine one two three four five
        i have to go call me back
        have someone call me please
        yes i suppose so
        um yes please
        absolutely
    """,
    "no": """
        no
        no thanks
        no thank you
        nope
        no no
        no i'll wait
        no i'd rather wait
        i'd rather wait
        i'll wait
        i'll hold
        i'll just wait
        i'd prefer to wait
        i'll stay on the line
        no i'll stay on hold
        i will hang on
        i'm happy to hold
        let me wait
        yes but i'll wait a bit longer
        okay i'll wait
        i'd rather not
        rather not
        not now
        not really
        no need
        that's not necessary
        don't bother
        never mind
        don't call me back
        do not call me
        please don't ring me
        you don't have to call me back
        i don't want to be called back
        i don't want a callback
        i don't need a call back
        no callback please
        no call back
        i'd rather wait than be called back
        i'd rather wait than call back
        not yet thanks
        definitely not
        no way
        no i don't have time this afternoon
        nobody calls me back
        you never call me back
    """,
    "-": """
        hello
        yes hello
        hello is anybody there
        good morning
        yes good morning
        yes this is john smith
        how long will it take
        yes but how long will it take
        how long do i have to wait
        how many people are before me
        when will you call me back
        who will call me
        what did you say
        what
        do you call me back today
        will i lose my place if you call me back
        i have a question about my bill
        yes i have a question about my bill
        i don't understand my bill
        yes i want
        yes i would like
        yes i want to speak to a person
        a person please
        yes a person please
        yes put me through
        yes but
        yes and
        yes i'm still here
        yes i can hear you
        yes i know
        i don't know
        i'll call back later
        i will call you back
        can i call back later
        could i call you back tomorrow
        i'd like to call back later
        let me call back tomorrow
        you were going to call me back
        you said you would call me back
        somebody called me yesterday
        i missed a call from this number
        i have been on hold for half an hour
        i've been waiting for an hour call me back
        no call me back
        hold on
        yes hold on
        wait a minute
        okay
        please
        the
        half an hour
        ten more minutes
        tomorrow
        unk
        unk yes
        yes unk unk
        yes …
        … call back
        … call me back
        you will call me back
        i'll callback later
        yes please unk
        dinner is ready
        turn the radio down
        yes what is it
        that's right
    """,
}

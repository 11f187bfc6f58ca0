"""English words that callers use for nearly the same thing, so that a few examples speak for many wordings.

A group a line, one that is indented goes on; `_` joins the words of a phrase. A word may be in several groups. Forms of
a word (plural, tenses) need not be listed: words compare by their stems. Not tied to any trade: money, homes, family,
orders, travel, health, work, telephones, and what people ask of any desk.
"""

GROUPS = """
    die died dead death deceased passed_away late buried funeral cremation bereavement gone estate widow widower
        executor heir inheritance no_longer_with_us not_with_us lost_my lost_our mourning did_not_make_it passed_on
        loss inherited probate
    mother father mum mom dad parent parents brother sister uncle aunt grandmother grandfather grandma grandpa
        granny nan cousin nephew niece stepmother stepfather relative relatives family
    husband wife partner spouse boyfriend girlfriend fiance
    child children kid kids son daughter baby
    divorce divorced divorcing separate separated separation splitting split_up break_up ex have_split
        going_separate_ways marriage_is_over
    marry married marriage wedding
    move moving moved relocate relocating new_house new_home new_flat new_address keys new_place moving_out
        moving_in change_of_address
    house home flat apartment property place residence household
    address street postcode zip
    bill invoice statement charge charged charges fee fees receipt bills billing billed invoices statements
    pay paid paying payment payments settle repay repayment
    money cash funds dollar dollars euro euros pound pounds bucks
    debt debts owe owing arrears overdue behind bailiff bailiffs collector bankrupt behind_with fallen_behind
        falling_behind creditor creditors
    afford short_of_money cannot_pay broke unemployed lost_my_job out_of_work hardship struggling cannot_keep_up
        tight skint benefits redundant laid_off lose_my_job
    instalment instalments installment installments spread payment_plan arrangement in_parts bit_by_bit deferred
        defer delay_payment more_time postpone
    price prices cost costs tariff tariffs rate rates quote expensive cheap how_much worth
    cancel cancelling cancellation terminate end stop quit close get_rid leave unsubscribe get_out_of opt_out
        discontinue back_out notice_period
    switch change changing modify update edit adjust alter amend swap replace
    start begin open activate enable turn_on switch_on
    stop halt deactivate disable turn_off switch_off shut
    contract subscription plan agreement policy
    renew renewal extend extension prolong
    complaint complain unhappy dissatisfied angry disappointed disgrace terrible awful unacceptable fed_up
        ridiculous rude let_down passed_around sent_around fobbed_off frustrated upset poor_service treat treated
        outrageous
    manager supervisor boss director chief superior in_charge higher_up responsible team_leader management executive
        someone_above somebody_above somebody_higher someone_higher
    person human agent representative operator someone somebody staff employee adviser advisor colleague real_person
        customer_service helpdesk
    talk speak chat connect put_through transfer_me reach
    appointment meeting schedule scheduled booking slot visit appointments reschedule rescheduling
    engineer mechanic technician repairman plumber electrician installer engineers fitter
    repair fix mend service servicing maintenance repairs repaired fixed
    broken broke faulty defective not_working does_not_work stopped_working fault malfunction error out_of_order
        damaged blank crashed crash freezes stuck
    outage power_cut blackout no_power dark went_dark lights_out gone_dark out_of_power no_light
    fire smoke burning sparks flames smoking explosion
    smell smells odour odor stink smelling fumes
    emergency danger dangerous urgent urgently
    gas boiler heating radiator radiators freezing no_heating furnace
    electricity power energy current
    water leak leaking flood flooding
    meter reading readings
    solar panel panels inverter generate feed_in export
    phone telephone mobile cell smartphone cellphone
    number digits
    email mail e-mail inbox mailbox
    letter post
    message text sms
    name surname lastname called
    password passcode pin login log_in sign_in username code
    account profile
    details information info data
    lost lose missing misplaced cannot_find
    stolen theft robbed thief fraud fraudulent scam hacked unauthorized suspicious
    card debit credit visa mastercard
    bank banking branch
    transfer send wire move_money
    balance how_much_money funds
    loan mortgage borrow lend
    interest apr percentage
    savings save saving deposit
    withdraw withdrawal atm cash_machine
    tax taxes irs vat
    salary wage wages paycheck income earn payday
    insurance insured insure cover coverage policy premium
    claim damage accident crash collision
    car vehicle auto automobile truck
    tyre tyres tire tires
    petrol fuel diesel gasoline mileage mpg
    oil
    doctor gp physician hospital clinic nurse dentist
    medicine pills prescription pharmacy drug tablets
    ill sick illness pain hurt hurts fever disease symptoms
    vaccine vaccination shot shots jab
    order ordered ordering purchase purchased buy buying bought
    parcel package delivery deliver delivered courier shipment ship shipping shipped
    arrive arrived arrival arriving
    track tracking where_is status
    return returned send_back refund refunded reimbursement money_back
    exchange
    product item article goods
    shop store shopping supermarket grocery groceries
    broadband internet wifi wi-fi router network connection online
    slow slower speed fast
    television tv channel channels programme show shows
    film movie movies cinema theatre
    music song songs tune track playlist album artist band singer
    radio station podcast
    play playing listen hear put_on
    volume louder quieter loud quiet mute
    next skip forward
    pause resume repeat again
    book books novel author reading audiobook
    news headlines newspaper
    weather forecast rain raining snow snowing sunny sun wind windy storm cloudy umbrella degrees humid
    temperature hot cold warm cool degrees thermostat
    light lights lamp lamps bulb bright brighter dim
    alarm wake wake_up
    remind reminder reminders remember forget
    timer countdown
    calendar agenda diary
    event events happening party concert festival
    list lists to-do todo
    note notes write_down
    time clock o'clock hour
    date day
    monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december
    today tonight tomorrow
    morning afternoon evening night
    week weekend month year
    one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand
    first second third fourth last
    early late earlier later
    plus minus times divided add sum multiply calculate percent
    convert conversion exchange_rate currency
    flight flights fly plane airline airport boarding
    train trains bus tram metro ticket tickets railway
    taxi cab uber lyft ride
    hotel hotels room rooms stay accommodation
    trip travel travelling journey vacation holiday holidays abroad trips
    luggage baggage suitcase bag bags
    passport visa
    reserve reservation book table
    restaurant restaurants cafe diner eat
    food meal dinner lunch breakfast dish snack
    takeaway takeout pizza sushi burger curry chinese thai
    recipe cook cooking bake make prepare ingredients
    calories nutrition healthy
    coffee tea drink drinks
    direction directions route way navigate get_to map far distance
    traffic jam congestion
    park parking
    close nearest nearby closest near
    country countries city capital town
    london paris berlin amsterdam rome madrid york chicago boston denver seattle france germany spain italy england
        china japan india
    language translate translation say spanish french german italian
    meaning mean means definition define synonym word
    spell spelled spelling
    joke jokes funny laugh
    story
    hello hi hey greetings
    bye goodbye see_you
    thanks thank appreciate grateful
    yes yeah yep sure correct right true absolutely affirmative
    no nope nah wrong not_right false negative
    sorry apologise apologize
    maybe perhaps not_sure unsure
    robot computer machine bot ai
    age old born birthday
    hobby hobbies fun interests
    job work working career employer boss
    vacation_days pto leave time_off holiday
    school student teacher course university lesson
    test exam
    pet dog cat animal
    clothes shirt dress shoes size
    rent landlord tenant lease
    council municipality town_hall government
    permit licence license
    rubbish waste garbage bin bins trash
    clean cleaning vacuum hoover
    remove delete erase clear
    add insert put include
    show display see view look list
    find search look_for locate
    send forward
    receive received got get
    check verify confirm
    tell explain describe
    know understand
    question query
    problem issue trouble difficulty
    wrong incorrect mistake error
    double twice two_times duplicate
    higher increase increased raise gone_up more up rise
    lower decrease reduce reduced less down
    limit maximum max cap
    minimum
    foreign overseas international abroad
    opening open opens closing hours
    wait waiting long how_long
    soon quickly fast immediately urgent asap
    why reason
    bonus points rewards reward loyalty
    discount coupon voucher promo offer deal
    gift present
    socket plug outlet
    door lock key
    camera photo picture
    contact contacts
    social twitter facebook post tweet
    stock stocks share shares market
    colour color red blue green
    game games
    sport sports football soccer match
    direct_debit standing_order automatic monthly_payment recurring
    blocked block freeze frozen unfreeze unblock declined refused rejected
    expire expired expires expiry expiration
    score rating review
    supplier suppliers provider company competitor vendor firm
    become_a_customer new_customer sign_up join register registration enroll apply application
    turn_up turned_up show_up showed_up come came coming visit no_show
    live living lives reside
    early_exit penalty fine early_termination
    unit kilowatt kwh per_unit
    cupboard cabinet box
    screen display
    numbers figures amount amounts sum total
    copy duplicate resend
    estimate estimated estimation
    late_payment late_fee
    letterbox doorstep neighbour neighbours
    safe safety secure security
    change_my_mind changed_my_mind regret
    connect connected disconnect disconnected cut_off
    feedback suggestion opinion
    website site page webpage app application
    download upload file document documents form forms
    certificate proof confirmation
    size bigger smaller large small
    cheapest cheaper lowest best
"""

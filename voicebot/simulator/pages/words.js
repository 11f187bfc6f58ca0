// What the telephone page says, Dutch and English.

export const WORDS = {
  nl: {
    title: "Telefoon",
    telephone: "Het toestel",
    language: "Taal van deze pagina",
    to: "U belt",
    from: "U bent",
    unknown: "Onbekend nummer",
    withheld: "Nummer afgeschermd",
    other: "Uw nummer",
    wrongNumber: "Geef het nummer met landcode, zoals +31611111111",
    call: "Bellen",
    answer: "Opnemen",
    mute: "Stil",
    hangup: "Ophangen",
    decline: "Weigeren",
    typing: "Of typ wat u zou zeggen",
    say: "Zeg dit",
    examples: "Voorbeelden om te zeggen",
    keys: "Toetsen",
    key: "Toets",
    star: "sterretje",
    hash: "hekje",
    timeline: "Wat er gebeurt",
    technical: "Ook de techniek",
    empty: "Bel, wacht op de groet en zeg in één zin waarvoor u belt. Hier ziet u dan wat is verstaan en begrepen, en wanneer de telefoon van de medewerker gaat.",
    noLines: "De lijnen konden niet worden geladen: laad deze pagina opnieuw.",
    states: {
      offline: "Geen verbinding met de telefooncentrale. Er wordt opnieuw geprobeerd.",
      idle: "Klaar om te bellen",
      calling: "Er wordt gebeld",
      ringing: "U wordt gebeld",
      connected: "In gesprek",
      ending: "Het gesprek wordt beëindigd",
    },
    ended: {
      hangup: "U heeft opgehangen",
      connection: "De verbinding met de telefooncentrale is verbroken",
      busy: "Het nummer is in gesprek",
      "no-answer": "Er werd niet opgenomen",
      failed: "Het nummer is niet bereikbaar",
      other: "Het gesprek is beëindigd",
    },
    kinds: {
      spoke: "U zei",
      dtmf: "Toets",
      say: "De bot zegt",
      play: "De bot zegt",
      prompt: "De bot zei",
      heard: "Verstaan",
      partial: "Hoort",
      understood: "Begrepen",
      decided: "Besloten",
      reserved: "Medewerker",
      "screen pop": "Scherm",
      ringing: "Gaat over",
      answered: "Opgenomen",
      declined: "Geweigerd",
      canceled: "Belt niet meer",
      failed: "Niet bereikbaar",
      "no-answer": "Niet opgenomen",
      busy: "In gesprek",
      connected: "Verbonden",
      bridged: "Verbonden",
      enqueue: "In de wacht",
      promised: "Beloofd",
      hangup: "Opgehangen",
      warning: "Let op",
      error: "Fout",
    },
    details: {
      cut: "u viel de bot in de rede",
      nothing: "niets",
      no_input: "stilte",
      key: "een toets",
      failure: "storing",
      "no match": "geen onderwerp herkend",
      generalists: "generalisten",
      "a new caller": "een nieuwe beller",
      or: "of",
      tab: "tabblad",
      tabs: { details: "Gegevens", billing: "Facturen", contracts: "Contracten", matters: "Zaken", contacts: "Contacten" },
      with: "met",
      callback: "u wordt teruggebeld op",
      "hung up": "door u",
      "ended by the document": "door de andere kant",
      "the document ended": "door de andere kant",
      "completed by REST": "door de andere kant",
      "the exchange stops": "de telefooncentrale stopt",
    },
  },
  en: {
    title: "Telephone",
    telephone: "The telephone",
    language: "Language of this page",
    to: "You call",
    from: "You are",
    unknown: "Unknown number",
    withheld: "Number withheld",
    other: "Your number",
    wrongNumber: "Give the number with its country code, such as +31611111111",
    call: "Call",
    answer: "Answer",
    mute: "Mute",
    hangup: "Hang up",
    decline: "Decline",
    typing: "Or type what you would say",
    say: "Say this",
    examples: "Examples to say",
    keys: "Keys",
    key: "Key",
    star: "star",
    hash: "hash",
    timeline: "What happens",
    technical: "Also the wires",
    empty: "Call, wait for the greeting and say in one sentence why you are calling. You will then see here what was heard and understood, and when the agent's telephone rings.",
    noLines: "The lines could not be loaded: reload this page.",
    states: {
      offline: "No connection with the telephone exchange. Trying again.",
      idle: "Ready to call",
      calling: "Calling",
      ringing: "Somebody is calling you",
      connected: "Connected",
      ending: "Ending the call",
    },
    ended: {
      hangup: "You hung up",
      connection: "The connection with the telephone exchange was lost",
      busy: "The number is busy",
      "no-answer": "Nobody answered",
      failed: "The number cannot be reached",
      other: "The call has ended",
    },
    kinds: {
      spoke: "You said",
      dtmf: "Key",
      say: "The bot says",
      play: "The bot says",
      prompt: "The bot said",
      heard: "Heard",
      partial: "Hearing",
      understood: "Understood",
      decided: "Decided",
      reserved: "Agent",
      "screen pop": "Screen",
      ringing: "Ringing",
      answered: "Answered",
      declined: "Declined",
      canceled: "Stopped ringing",
      failed: "Unreachable",
      "no-answer": "No answer",
      busy: "Busy",
      connected: "Connected",
      bridged: "Connected",
      enqueue: "On hold",
      promised: "Promised",
      hangup: "Hung up",
      warning: "Note",
      error: "Fault",
    },
    details: {
      cut: "you interrupted the bot",
      nothing: "nothing",
      no_input: "silence",
      key: "a key",
      failure: "a failure",
      "no match": "no subject recognised",
      generalists: "generalists",
      "a new caller": "a new caller",
      or: "or",
      tab: "tab",
      tabs: { details: "Details", billing: "Billing", contracts: "Contracts", matters: "Matters", contacts: "Contacts" },
      with: "with",
      callback: "you will be called back on",
      "hung up": "by you",
      "ended by the document": "by the other side",
      "the document ended": "by the other side",
      "completed by REST": "by the other side",
      "the exchange stops": "the exchange stops",
    },
  },
};

/** Sentences to try, in the language of the line. */
export const EXAMPLES = {
  nl: ["ik snap mijn factuur niet", "mijn man is overleden", "wij gaan verhuizen", "ik wil uw leidinggevende spreken"],
  en: ["i don't understand my bill", "my husband passed away", "we are moving", "can i speak to your supervisor"],
};

/** What happens on the wires only, or is told twice: shown when asked for. */
export const TECHNICAL = new Set(
  "webhook twiml status stream mark clear pause gather redirect redirected dequeued dial dialled bridged conference record".split(" "),
);

/** What the stand-in and the bot say of an event, in a person's words. `prompts`: texts of the line; `people`: names. */
export function detailWords(kind, detail, language, { prompts = {}, people = {}, prompt = "" }) {
  const words = WORDS[language].details;
  const known = (text) => people[text] ?? words[text] ?? text;
  const name = (/[^/]+(?=\.wav$)/.exec(detail) ?? [])[0];
  switch (kind) {
    case "play":
      return prompts[name] ?? detail;
    case "prompt":
      return [prompts[prompt] ?? detail, detail.endsWith("cut short") && `(${words.cut})`].filter(Boolean).join(" ");
    case "heard":
      return detail.replace(/^nothing \((\w+)\)$/, (_, why) => `${words.nothing} (${known(why)})`);
    case "understood":
      return detail.replace(/^no match/, words["no match"]).replace(/ → (.+)$/, (_, team) => ` → ${known(team)}`);
    case "screen pop":
      return detail.replace(
        /^(.*), tab (\w+)$/,
        (_, who, tab) => `${known(who).replaceAll(" or ", ` ${words.or} `)}, ${words.tab} ${words.tabs[tab] ?? tab}`,
      );
    case "connected":
      return `${words.with} ${known(detail)}`;
    case "promised":
      return detail.replace(/^a callback to/, words.callback);
    default:
      return known(detail);
  }
}

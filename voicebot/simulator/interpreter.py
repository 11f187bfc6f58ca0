"""Runs TwiML on a leg: fetch a document, perform its verbs from top to bottom, go on where one of them says."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from voicebot.simulator import grammar
from voicebot.simulator.leg import Ended, Fetch, SimulatedCall
from voicebot.simulator.webhooks import BAD_URL, BODY_LIMIT, WebhookFailed

PARSE_FAILED, CONTENT_TYPE = 12100, 12300
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
LONGEST = 14_400.0  # seconds of a call
DOCUMENTS = 5000  # in one call
_XML = ("text/xml", "application/xml", "text/html")


@dataclass(frozen=True)
class Document:
    """Parsed TwiML and the URL against which its relative ones resolve; empty for TwiML given by REST."""

    root: Element
    base: str

    def fetch(self, url: str, method: str | None = None, params: Mapping[str, str] | None = None) -> Fetch:
        """What follows at a URL written in this document. Raises WebhookFailed without a URL to resolve it with."""
        target = urljoin(self.base, url) if self.base else url
        if "://" not in target:
            raise WebhookFailed(BAD_URL, url, "is relative, in a document that has no URL")
        return Fetch(target, method or "POST", params or {})


@dataclass(frozen=True)
class Scene:
    """One verb about to be performed."""

    leg: SimulatedCall
    verb: Element
    document: Document
    first: bool  # nothing was performed on this leg before
    run: Callable[[SimulatedCall, Fetch, frozenset[str]], None]  # performs another document to its end

    def action(self, params: Mapping[str, str], default: str | None = None) -> Fetch | None:
        """The verb's action URL (or the default, where "" is this document's own), with its result."""
        url = self.verb.get("action", default)
        return None if url is None else self.document.fetch(url, self.verb.get("method"), params)


Perform = Callable[[Scene], Fetch | None]


class Interpreter:
    """Performs documents with a table of verbs."""

    def __init__(self, verbs: Mapping[str, Perform]) -> None:
        self._verbs = verbs

    def run(
        self, leg: SimulatedCall, fetch: Fetch, allowed: frozenset[str] | None = None, *, rescue: bool = True
    ) -> None:
        """Perform a document and those it leads to. Raises what interrupts the leg; WebhookFailed when there is to be
        no rescue by the fallback URL.
        """
        within = allowed or grammar.CHILDREN["Response"]
        onward: Fetch | None = fetch
        for _ in range(DOCUMENTS):
            if onward is None:
                return
            now = onward
            _calm_down(leg, now)
            try:
                onward = self._perform(leg, load(leg, now), within)
            except WebhookFailed as failed:
                if not rescue:
                    raise
                onward = _after_failure(leg, now, failed)
        leg.event("error", f"more than {DOCUMENTS} documents in one call")
        raise Ended(leg, "too many documents", "failed")

    def _perform(self, leg: SimulatedCall, document: Document, within: frozenset[str]) -> Fetch | None:
        first = leg.answered_at is None
        for verb in document.root:
            if not grammar.known(leg, verb, within):
                continue
            if leg.clock.now > LONGEST:
                raise Ended(leg, "longer than a call may last")
            onward = self._verbs[verb.tag](Scene(leg, verb, document, first, self.run))
            first = False
            if onward is not None:
                return onward
        leg.answer()
        return None


def load(leg: SimulatedCall, fetch: Fetch) -> Document:
    """The document of a fetch. Raises WebhookFailed."""
    if fetch.twiml is not None:
        return Document(_parse(leg, fetch.twiml.encode(), "the Twiml parameter"), "")
    params = leg.parameters() | dict(fetch.params)
    leg.event("webhook", fetch.url, method=fetch.method, params=params)
    try:
        reply = leg.webhooks.request(fetch.url, params, fetch.method, BODY_LIMIT)
    finally:
        leg.clock.catch_up()
    text = reply.body.decode("utf-8", "replace").strip()
    if reply.content_type == "text/plain" and not text.startswith("<"):
        return Document(_sentence(text), reply.url)
    if reply.content_type.startswith("audio/"):
        return Document(_sound(reply.url), reply.url)
    if reply.content_type not in (*_XML, "text/plain"):
        raise WebhookFailed(CONTENT_TYPE, fetch.url, f"has the content type {reply.content_type or 'nothing'}")
    return Document(_parse(leg, reply.body, fetch.url), reply.url)


def _parse(leg: SimulatedCall, xml: bytes, url: str) -> Element:
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 (expat limits entity expansion, and the bot is ours)
    except ElementTree.ParseError as fault:
        raise WebhookFailed(PARSE_FAILED, url, f"is not XML ({fault})") from None
    if root.tag != "Response":
        raise WebhookFailed(PARSE_FAILED, url, f"begins with <{root.tag}> instead of <Response>")
    leg.event("twiml", " ".join(verb.tag for verb in root) or "(empty)", document=xml.decode("utf-8", "replace"))
    return root


def _sentence(text: str) -> Element:
    root = Element("Response")
    say = ElementTree.SubElement(root, "Say")
    say.text = text
    ElementTree.SubElement(root, "Hangup")
    return root


def _sound(url: str) -> Element:
    root = Element("Response")
    play = ElementTree.SubElement(root, "Play")
    play.text = url
    ElementTree.SubElement(root, "Hangup")
    return root


def _after_failure(leg: SimulatedCall, fetch: Fetch, failed: WebhookFailed) -> Fetch:
    leg.event("error", str(failed), code=failed.code, url=failed.url)
    if leg.fallback_url and fetch.url != leg.fallback_url:
        return Fetch(leg.fallback_url, params={"ErrorCode": str(failed.code), "ErrorUrl": failed.url})
    return Fetch(twiml=f"<Response><Say>{APPLICATION_ERROR}</Say><Hangup/></Response>")


def _calm_down(leg: SimulatedCall, fetch: Fetch) -> None:
    """Without a pace, a document that loops would be asked for hundreds of times a second: ever slower then."""
    times = leg.asked[fetch.url] = leg.asked.get(fetch.url, 0) + 1
    until = time.monotonic() + min(0.01 * times, 1.0)
    while leg.clock.pace is None and times > 2 and time.monotonic() < until and not leg.called_away:
        time.sleep(0.01)

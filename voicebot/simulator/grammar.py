"""Which TwiML elements and attributes exist, and where. Names are case-sensitive, as they are with Twilio."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from voicebot.simulator.leg import SimulatedCall

UNKNOWN = 12200  # Twilio's code for what its schema does not know

_CALLBACK = "statusCallback statusCallbackMethod statusCallbackEvent"
_MACHINE = (
    "machineDetection machineDetectionTimeout machineDetectionSpeechThreshold machineDetectionSpeechEndThreshold "
    "machineDetectionSilenceTimeout amdStatusCallback amdStatusCallbackMethod"
)
_RECORDING = "recordingStatusCallback recordingStatusCallbackMethod recordingStatusCallbackEvent"

ATTRIBUTES = {
    name: frozenset(text.split())
    for name, text in {
        "Response": "",
        "Say": "voice language loop",
        "Play": "loop digits",
        "Pause": "length",
        "Redirect": "method",
        "Hangup": "",
        "Reject": "reason",
        "Leave": "",
        "Gather": "action method input timeout speechTimeout maxSpeechTime finishOnKey numDigits language hints "
        "speechModel enhanced profanityFilter bargeIn debug actionOnEmptyResult partialResultCallback "
        "partialResultCallbackMethod",
        "Record": "action method timeout finishOnKey maxLength playBeep trim transcribe transcribeCallback "
        f"recordingConfigurationId {_RECORDING}",
        "Dial": "action method answerOnBridge timeout callerId callReason record recordingTrack trim ringTone "
        "hangupOnStar timeLimit sequential referUrl referMethod events recordingConfigurationId "
        f"{_RECORDING}",
        "Number": f"sendDigits url method byoc {_CALLBACK} {_MACHINE}",
        "Client": f"url method clientNotificationUrl {_CALLBACK}",
        "Sip": f"username password url method {_CALLBACK} {_MACHINE}",
        "Queue": "url method reservationSid postWorkActivitySid",
        "Conference": "muted beep startConferenceOnEnter endConferenceOnExit participantLabel jitterBufferSize "
        "waitUrl waitMethod maxParticipants record region trim coach eventCallbackUrl "
        f"{_CALLBACK} {_RECORDING}",
        "Enqueue": "action method waitUrl waitUrlMethod workflowSid maxQueueSize",
        "Task": "priority timeout",
        "Connect": "action method",
        "Start": "action method",
        "Stop": "",
        "Stream": "url name track statusCallback statusCallbackMethod connectorName",
        "Parameter": "name value",
        "Identity": "",
    }.items()
}
_SPOKEN = ("Say", "Play", "Pause")
VERBS = (*_SPOKEN, "Redirect", "Hangup", "Reject", "Leave", "Gather", "Record", "Dial", "Enqueue")
CHILDREN = {
    "Response": frozenset((*VERBS, "Connect", "Start", "Stop")),
    "Gather": frozenset(_SPOKEN),
    "Dial": frozenset(("Number", "Client", "Sip", "Queue", "Conference")),
    "Client": frozenset(("Identity", "Parameter")),
    "Connect": frozenset(("Stream",)),
    "Start": frozenset(("Stream",)),
    "Stop": frozenset(("Stream",)),
    "Stream": frozenset(("Parameter",)),
    "Enqueue": frozenset(("Task",)),
}
# Documents that may hold only a few verbs: played to a leg before it is joined, or while it waits.
WHISPER = frozenset((*_SPOKEN, "Gather", "Hangup", "Redirect"))
QUEUE_WAIT = frozenset((*_SPOKEN, "Hangup", "Redirect", "Leave", "Gather"))
CONFERENCE_WAIT = frozenset((*_SPOKEN, "Redirect"))
BEFORE_DEQUEUE = frozenset((*_SPOKEN, "Redirect"))


def known(leg: SimulatedCall, element: Element, within: frozenset[str]) -> bool:
    """Whether the element may stand here. Unknown attributes are a warning, an unknown element is an error."""
    if element.tag not in within:
        leg.event("error", f"<{element.tag}> cannot stand here and is skipped", code=UNKNOWN)
        return False
    strange = sorted(set(element.attrib) - ATTRIBUTES[element.tag])
    for name in strange:
        leg.event("warning", f"<{element.tag}> has no attribute {name}, which is ignored", code=UNKNOWN)
    return True


def children(leg: SimulatedCall, element: Element) -> list[Element]:
    """The elements inside this one that may stand there."""
    return [child for child in element if known(leg, child, CHILDREN.get(element.tag, frozenset()))]


def whole(leg: SimulatedCall, element: Element, name: str, default: int) -> int:
    """A numeric attribute; the default, with a warning, when it is not a whole number."""
    text = element.get(name, str(default)).strip()
    if text.isdecimal():
        return int(text)
    leg.event("warning", f"<{element.tag} {name}={text!r}> is not a number; {default} is used", code=UNKNOWN)
    return default


def flag(element: Element, name: str, default: bool = False) -> bool:
    """An attribute that is `true` or `false`."""
    return element.get(name, str(default).lower()) == "true"

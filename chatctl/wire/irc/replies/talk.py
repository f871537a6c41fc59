"""Messages: Modern IRC, section "Sending Messages"; message-tags, msgid, echo-message, multiline (IRCv3)."""

from __future__ import annotations

from collections.abc import Iterator

from chatctl.core.events.talk import Acknowledged, AwayTold, Said
from chatctl.core.records import LINE_BREAK, LINE_JOINT, Message
from chatctl.wire.irc import numerics
from chatctl.wire.irc.message import MESSAGE_LIMIT
from chatctl.wire.irc.multiline import CAP, CONCAT
from chatctl.wire.irc.page import Out, Page, Renderers
from chatctl.wire.irc.split import split_text

COMMAND_OF = {"say": "PRIVMSG", "action": "PRIVMSG", "notice": "NOTICE", "tags": "TAGMSG", "topic": "TOPIC"}
PREFIX_OF = {"o": "@", "v": "+", "": ""}

SHORT = 125
"""Characters of a text, and of what comes before it, that fit into a line however many bytes each of them has."""

Piece = tuple[str, bool]
"""What stands in one line, and whether it goes on with the text of the line before."""


def said(page: Page, event: Said | Acknowledged) -> list[Out]:
    """Return the message; a text that is too long for a line, or has several, becomes several."""
    if type(event) is Acknowledged and "echo-message" not in page.caps:
        return []
    return message_lines(page, event.message)


def message_lines(page: Page, message: Message) -> list[Out]:
    """Return the lines of a message; only the first has its msgid."""
    caps = page.caps
    if message.kind == "tags" and "message-tags" not in caps:
        return []
    tags = page.tags(message.at, message.account)
    first = tags
    if "message-tags" in caps:
        own = f"msgid={message.id};{message.tags}" if message.tags else f"msgid={message.id}"
        first = f"{tags};{own}" if tags else own
    source = f":{message.nick}!{message.user}"
    head = f"{source} {COMMAND_OF[message.kind]} {message.target}"
    text = message.text
    if message.kind == "tags":
        return [(first, head)]
    if len(text) + len(head) < SHORT and LINE_BREAK not in text and LINE_JOINT not in text:
        return [(first, f"{head} :{_shown(message, text)}")]
    pieces = list(_pieces(message, head))
    if message.kind == "topic":
        # Another line would be another topic.
        del pieces[1:]
    if len(pieces) > 1 and message.kind != "action" and CAP in caps and "batch" in caps:
        return _batch(message, source, head, first, pieces)
    rest = tags
    if message.tags and "message-tags" in caps:
        rest = f"{tags};{message.tags}" if tags else message.tags
    shown = [_shown(message, piece) for piece, _ in pieces if piece]
    return [(rest if place else first, f"{head} :{one}") for place, one in enumerate(shown)]


def _batch(message: Message, source: str, head: str, tags: str, pieces: list[Piece]) -> list[Out]:
    """Return the lines of a message as they were sent, in a batch: multiline (IRCv3)."""
    reference = f"m{message.id}"
    inside = f"batch={reference}"
    return [
        (tags, f"{source} BATCH +{reference} {CAP} {message.target}"),
        *((f"{inside};{CONCAT}" if goes_on else inside, f"{head} :{piece}") for piece, goes_on in pieces),
        ("", f"{source} BATCH -{reference}"),
    ]


def _shown(message: Message, text: str) -> str:
    return f"\x01ACTION {text}\x01" if message.kind == "action" else text


def _pieces(message: Message, head: str) -> Iterator[Piece]:
    """Return what stands in each line, as it was sent if that is short enough."""
    # CR LF, the blank and colon, and what makes an action of it.
    room = MESSAGE_LIMIT - len(head.encode()) - 4 - (9 if message.kind == "action" else 0)
    for line in message.text.split(LINE_BREAK):
        goes_on = False
        for sent in line.split(LINE_JOINT):
            for piece in split_text(sent, room):
                yield piece, goes_on
                goes_on = True


def away_told(page: Page, event: AwayTold) -> list[Out]:
    """Return RPL_AWAY."""
    return [page.numeric(numerics.RPL_AWAY, event.nick, event.note)]


RENDERERS: Renderers = {Said: said, Acknowledged: said, AwayTold: away_told}

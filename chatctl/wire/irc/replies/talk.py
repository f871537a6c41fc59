"""Messages: Modern IRC, section "Sending Messages"; message-tags, msgid, echo-message (IRCv3)."""

from __future__ import annotations

from chatctl.wire.irc.message import MESSAGE_LIMIT
from chatctl.wire.irc.split import split_text

from chatctl.core.events.talk import Acknowledged, AwayTold, Said
from chatctl.core.records import LINE_BREAK, LINE_JOINT, Message
from chatctl.wire.irc.page import Out, Page, Renderers

COMMAND_OF = {"say": "PRIVMSG", "action": "PRIVMSG", "notice": "NOTICE", "tags": "TAGMSG"}
PREFIX_OF = {"o": "@", "v": "+", "": ""}


def said(page: Page, event: Said | Acknowledged) -> list[Out]:
    """Return the message; a text that is too long for a line, or has several, becomes several."""
    if type(event) is Acknowledged and "echo-message" not in page.caps:
        return []
    return message_lines(page, event.message, event.bot, PREFIX_OF[event.rank])


def message_lines(page: Page, message: Message, bot: bool = False, prefix: str = "") -> list[Out]:
    """Return the lines of a message; only the first has its msgid."""
    caps = page.caps
    if message.kind == "tags" and "message-tags" not in caps:
        return []
    tags = page.tags(message.at, message.account, bot)
    first = tags
    if "message-tags" in caps:
        own = f"msgid={message.id};{message.tags}" if message.tags else f"msgid={message.id}"
        first = f"{tags};{own}" if tags else own
    head = f":{message.nick}!{message.user} {COMMAND_OF[message.kind]} {prefix}{message.target}"
    if message.kind == "tags":
        return [(first, head)]
    out: list[Out] = []
    for piece in _pieces(message, head):
        text = f"\x01ACTION {piece}\x01" if message.kind == "action" else piece
        out.append((tags if out else first, f"{head} :{text}"))
    return out


def _pieces(message: Message, head: str) -> list[str]:
    text = message.text
    if len(text) + len(head) < 160 and "\n" not in text and "\r" not in text:
        return [text]
    # CR LF, the blank and colon, and what makes an action of it.
    room = MESSAGE_LIMIT - len(head.encode()) - 4 - (9 if message.kind == "action" else 0)
    lines = text.replace(LINE_JOINT, "").split(LINE_BREAK)
    return [piece for line in lines if line for piece in split_text(line, room)]


def away_told(page: Page, event: AwayTold) -> list[Out]:
    """Return RPL_AWAY."""
    return [page.numeric("301", event.nick, event.note)]


RENDERERS: Renderers = {Said: said, Acknowledged: said, AwayTold: away_told}

"""The capabilities that a client may ask for: IRCv3, capability negotiation."""

from __future__ import annotations

from chatctl.core.commands.sasl import MECHANISMS
from chatctl.core.policy import Registering
from chatctl.wire.irc.info import ServerInfo

PLAIN_CAPS = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "draft/channel-rename",
    "draft/chathistory",
    "draft/event-playback",
    "draft/message-redaction",
    "draft/pre-away",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "no-implicit-names",
    "server-time",
    "setname",
    "standard-replies",
    "userhost-in-names",
)
"""Those without a value."""

VENDOR_CAP = "chatctl.dev/session"
"""With it ``NICK *`` asks for the name that the server gives, and ``STATUS`` for the session table."""


def offered(info: ServerInfo) -> dict[str, str]:
    """Return every capability with its value, which is empty for most."""
    registering = [info.registering.value] if info.registering is Registering.BEFORE_CONNECT else []
    registering += ["email-required"] if info.email_required else []
    return {
        **dict.fromkeys((*PLAIN_CAPS, VENDOR_CAP), ""),
        "sasl": ",".join(MECHANISMS),
        **({} if info.registering is Registering.CLOSED else {"draft/account-registration": ",".join(registering)}),
    }

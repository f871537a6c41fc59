"""The capabilities that a client may ask for: IRCv3, capability negotiation."""

from __future__ import annotations

from chatctl.core.commands.sasl import mechanisms
from chatctl.core.metadata import KEYS_LIMIT, VALUE_LIMIT
from chatctl.core.policy import Registering
from chatctl.core.subscriptions import SUBSCRIPTIONS_LIMIT
from chatctl.wire.base import NO_LINK, Link
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.multiline import CAP as MULTILINE_CAP
from chatctl.wire.irc.multiline import CAP_VALUE as MULTILINE_VALUE
from chatctl.wire.irc.vendor import VENDOR_CAP

CAP_NOTIFY = "cap-notify"

PLAIN_CAPS = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    CAP_NOTIFY,
    "draft/channel-rename",
    "draft/chathistory",
    "draft/event-playback",
    "draft/extended-isupport",
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
    "soju.im/search",
    "userhost-in-names",
)
"""Those without a value."""


METADATA_CAP = "draft/metadata-3"
OLD_METADATA_CAP = "draft/metadata-2"
"""The published draft, which tells of changes by a command and not by numerics."""

_METADATA = f"before-connect,max-subs={SUBSCRIPTIONS_LIMIT},max-keys={KEYS_LIMIT},max-value-bytes={VALUE_LIMIT}"


def offered(info: ServerInfo, link: Link = NO_LINK) -> dict[str, str]:
    """Return every capability that a client may ask for with its value, which is empty for most."""
    registering = [info.registering.value] if info.registering is Registering.BEFORE_CONNECT else []
    registering += ["email-required"] if info.email_required else []
    return {
        **dict.fromkeys((*PLAIN_CAPS, VENDOR_CAP), ""),
        MULTILINE_CAP: MULTILINE_VALUE,
        "sasl": ",".join(mechanisms(link.certified)),
        **dict.fromkeys((METADATA_CAP, OLD_METADATA_CAP), _METADATA),
        **({} if info.registering is Registering.CLOSED else {"draft/account-registration": ",".join(registering)}),
    }


def told(info: ServerInfo, link: Link = NO_LINK) -> dict[str, str]:
    """Return what is told beside them, to clients that are told values: sts, which nobody may ask for (IRCv3, sts).

    The port is for who came without TLS. A ``duration`` of 0 takes back what was told before, which is told with TLS
    only.
    """
    sts = info.sts
    if sts is None or not (link.secure or sts.duration):
        return {}
    port = "" if link.secure else f"port={sts.port},"
    return {"sts": f"{port}duration={sts.duration}"}

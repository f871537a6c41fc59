"""RPL_ISUPPORT: Modern IRC, section "RPL_ISUPPORT Parameters"."""

from __future__ import annotations

from functools import lru_cache

from chatctl.core.commands.kicking import REASON_LIMIT
from chatctl.core.commands.modes import CHANGES_LIMIT, KEY_LIMIT, MASKS_LIMIT
from chatctl.core.commands.people import HOSTS_LIMIT, PROFILES_LIMIT
from chatctl.core.commands.status import AWAY_LIMIT, REALNAME_LIMIT
from chatctl.core.commands.talk import STATUS, TARGET_LIMIT
from chatctl.core.extbans import ACCOUNT, MUTE
from chatctl.core.modes import FLAGS, KEY, LIMIT, LISTS, ROLES
from chatctl.core.names import HOST_LIMIT, USER_LIMIT
from chatctl.core.user import BOT
from chatctl.core.watching import WATCH_LIMIT
from chatctl.wire.irc.info import ServerInfo

_TARGETS = (
    *("JOIN:", "KICK:", "NAMES:", "PART:"),
    *(f"{command}:{TARGET_LIMIT}" for command in ("NOTICE", "PRIVMSG", "TAGMSG")),
    *(f"USERHOST:{HOSTS_LIMIT}", f"WHOIS:{PROFILES_LIMIT}", "WHOWAS:1"),
)
"""How many channels, people or masks each command may name; without a number as many as a line holds."""


@lru_cache(8)
def tokens(info: ServerInfo) -> tuple[str, ...]:
    """Return what the server supports, each token with its value."""
    limits = info.limits
    return (
        f"ACCOUNTEXTBAN={ACCOUNT}",
        f"AWAYLEN={AWAY_LIMIT}",
        f"BOT={BOT}",
        "CASEMAPPING=ascii",
        f"CHANLIMIT=#:{limits.rooms_per_client}",
        f"CHANMODES={LISTS},{KEY},{LIMIT},{FLAGS}",
        f"CHANNELLEN={limits.room_length}",
        "CHANTYPES=#",
        f"CHATHISTORY={limits.history_page}",
        "ELIST=CMNTU",
        "EXCEPTS=e",
        f"EXTBAN=,{ACCOUNT}{MUTE}",
        f"HOSTLEN={HOST_LIMIT}",
        "INVEX=I",
        f"KICKLEN={REASON_LIMIT}",
        f"KEYLEN={KEY_LIMIT}",
        f"MAXTARGETS={TARGET_LIMIT}",
        f"MAXLIST={LISTS}:{MASKS_LIMIT}",
        f"MODES={CHANGES_LIMIT}",
        f"MONITOR={WATCH_LIMIT}",
        "MSGREFTYPES=msgid,timestamp",
        f"NAMELEN={REALNAME_LIMIT}",
        f"NETWORK={info.network}",
        f"NICKLEN={limits.nick_length}",
        f"PREFIX=({ROLES}){''.join(STATUS)}",
        "SAFELIST",
        f"STATUSMSG={''.join(STATUS)}",
        f"TARGMAX={','.join(_TARGETS)}",
        f"TOPICLEN={limits.topic_length}",
        f"USERLEN={USER_LIMIT}",
        "UTF8ONLY",
        "WHOX",
    )

"""What happens in rooms: Modern IRC, section "Channel Operations"; invite-notify, channel-rename (IRCv3)."""

from __future__ import annotations

from chatctl.core.events import rooms as ev
from chatctl.wire.irc import numerics
from chatctl.wire.irc.page import Out, Page, Renderers, tagged
from chatctl.wire.irc.replies.listing import members_listed


def joined(page: Page, event: ev.Joined) -> list[Out]:
    """Return JOIN: with account and real name for extended-join, with AWAY for away-notify (IRCv3)."""
    if "extended-join" in page.caps:
        lines = [page.user(event.who, "JOIN", event.room, event.who.account or "*", event.realname)]
    else:
        lines = [page.user(event.who, "JOIN", event.room)]
    if event.away and "away-notify" in page.caps:
        lines.append(page.user(event.who, "AWAY", event.away))
    return lines


def left(page: Page, event: ev.Left) -> list[Out]:
    """Return PART."""
    return [page.user(event.who, "PART", event.room, *([event.why] if event.why else []))]


def kicked(page: Page, event: ev.Kicked) -> list[Out]:
    """Return KICK; the word why is the kicker's nick if there was none: RFC 2812, section 3.2.8."""
    return [page.user(event.who, "KICK", event.room, event.nick, event.why or event.who.nick)]


def topic_set(page: Page, event: ev.TopicSet) -> list[Out]:
    """Return TOPIC, with the number under which it is in the history."""
    line = page.user(event.who, "TOPIC", event.room, event.text)
    return [tagged(f"msgid={event.message}", line) if "message-tags" in page.caps else line]


def topic_shown(page: Page, event: ev.TopicShown) -> list[Out]:
    """Return RPL_TOPIC and RPL_TOPICWHOTIME, or RPL_NOTOPIC."""
    if not event.text:
        return [page.numeric(numerics.RPL_NOTOPIC, event.room, "No topic is set")]
    return [
        page.numeric(numerics.RPL_TOPIC, event.room, event.text),
        page.numeric(numerics.RPL_TOPICWHOTIME, event.room, event.by, str(event.at // 1000)),
    ]


def invited(page: Page, event: ev.Invited) -> list[Out]:
    """Return INVITE; for who is not the one invited only with invite-notify (IRCv3)."""
    if event.witness and "invite-notify" not in page.caps:
        return []
    return [page.user(event.who, "INVITE", event.nick, event.room)]


def inviting(page: Page, event: ev.Inviting) -> list[Out]:
    """Return RPL_INVITING."""
    return [page.numeric(numerics.RPL_INVITING, event.nick, event.room)]


def invitations_listed(page: Page, event: ev.InvitationsListed) -> list[Out]:
    """Return RPL_INVITELIST for each room, and RPL_ENDOFINVITELIST."""
    return [
        *(page.numeric(numerics.RPL_INVITELIST, room) for room in event.rooms),
        page.numeric(numerics.RPL_ENDOFINVITELIST, "End of /INVITE list"),
    ]


def moved_along(page: Page, event: ev.MovedAlong) -> list[Out]:
    """Return RENAME, or for who does not know it PART and what follows entering: channel-rename, section "Fallback"."""
    renamed = event.renamed
    if "draft/channel-rename" in page.caps:
        return [page.user(renamed.who, "RENAME", renamed.old, renamed.new, renamed.why)]
    if event.respelled:
        return []
    lines = left(page, ev.Left(event.joined.who, renamed.old, renamed.why)) + joined(page, event.joined)
    if event.topic.text:
        lines += topic_shown(page, event.topic)
    return lines + members_listed(page, event.members)


RENDERERS: Renderers = {
    ev.Joined: joined,
    ev.Left: left,
    ev.Kicked: kicked,
    ev.TopicSet: topic_set,
    ev.TopicShown: topic_shown,
    ev.Invited: invited,
    ev.Inviting: inviting,
    ev.InvitationsListed: invitations_listed,
    ev.MovedAlong: moved_along,
}

"""One function for each verb, in a table: check, change, write what follows into the turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatctl.core import requests
from chatctl.core.commands import lookups, naming, presence, rooms, talk
from chatctl.core.state import Chat, Session
from chatctl.core.turn import Turn

Handler = Callable[[Chat, Session, Any, Turn], None]

HANDLERS: dict[type[Any], Handler] = {
    requests.Say: talk.say,
    requests.Act: talk.act,
    requests.Whisper: talk.whisper,
    requests.Rename: naming.rename,
    requests.Move: rooms.move,
    requests.Part: rooms.part,
    requests.ListRooms: rooms.list_rooms,
    requests.ListMembers: rooms.list_members,
    requests.Topic: rooms.topic,
    requests.History: lookups.history,
    requests.Search: lookups.search,
    requests.Status: lookups.status,
    requests.Help: lookups.show_help,
    requests.Quit: presence.quit_,
    requests.Expel: presence.expel,
    requests.Vanish: presence.vanish,
    requests.Invalid: lookups.reject,
}

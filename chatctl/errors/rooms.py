"""Rooms: what they are called, who may come in, what one may do there."""

from __future__ import annotations

from chatctl.errors.base import Refused


class BadRoom(Refused):
    """A name that no room may have."""

    code = "bad-room"

    def __init__(self, room: str, limit: int) -> None:
        super().__init__(
            f"{room!r} cannot be a room; use # and up to {limit - 1} characters"
            " without blanks, commas and control characters"
        )
        self.about = (room,)


class AlreadyInRoom(Refused):
    """A room that the session is in already."""

    code = "already-in-room"

    def __init__(self, room: str) -> None:
        super().__init__(f"you are in {room} already")
        self.about = (room,)


class InLobby(Refused):
    """Leaving the room that everyone starts in."""

    code = "in-lobby"

    def __init__(self, room: str) -> None:
        super().__init__(
            f"you are in {room}, where everyone starts; /join #ROOM goes elsewhere, exit leaves the server"
        )


class TopicTooLong(Refused):
    """A topic longer than the limit; sizes in characters."""

    code = "topic-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"topic is {size} characters; the limit is {limit}")


class NoSuchRoom(Refused):
    """A room that does not exist."""

    code = "no-such-room"

    def __init__(self, room: str) -> None:
        super().__init__(f"there is no room {room}; whoever joins it makes it")
        self.about = (room,)


class NotInRoom(Refused):
    """Something that only members of the room may do."""

    code = "not-in-room"

    def __init__(self, room: str) -> None:
        super().__init__(f"you are not in {room}; join it first")
        self.about = (room,)


class TooManyRooms(Refused):
    """One room more than somebody may be in."""

    code = "too-many-rooms"

    def __init__(self, room: str, limit: int) -> None:
        super().__init__(f"you are in {limit} rooms, which is the limit; leave one of them first")
        self.about = (room,)


class NotRoomOperator(Refused):
    """Something that only the room's operators may do."""

    code = "not-room-operator"

    def __init__(self, room: str) -> None:
        super().__init__(f"only operators of {room} may do that; ask one of them")
        self.about = (room,)


class UserNotInRoom(Refused):
    """Somebody else who is not in the room."""

    code = "user-not-in-room"

    def __init__(self, nick: str, room: str) -> None:
        super().__init__(f"{nick} is not in {room}; check the name")
        self.about = (nick, room)


class UserInRoom(Refused):
    """Somebody who is in the room already."""

    code = "user-in-room"

    def __init__(self, nick: str, room: str) -> None:
        super().__init__(f"{nick} is in {room} already")
        self.about = (nick, room)


class RoomExists(Refused):
    """A room cannot be called as another one is."""

    code = "room-exists"

    def __init__(self, room: str, new: str) -> None:
        super().__init__(f"there is a room {new} already; choose another name")
        self.about = (room, new)


class CannotRename(Refused):
    """A room that keeps its name."""

    code = "cannot-rename"

    def __init__(self, room: str, new: str, why: str) -> None:
        super().__init__(f"{room} keeps its name: {why}")
        self.about = (room, new)


class BannedFromRoom(Refused):
    """A room that has a ban on who wants to come in."""

    code = "banned"

    def __init__(self, room: str) -> None:
        super().__init__(f"you are banned from {room}; ask one of its operators to lift the ban")
        self.about = (room,)


class InviteOnly(Refused):
    """A room that one comes into by invitation only."""

    code = "invite-only"

    def __init__(self, room: str) -> None:
        super().__init__(f"{room} is by invitation only; ask one of its members to invite you")
        self.about = (room,)


class WrongKey(Refused):
    """A room whose key was not told, or another one."""

    code = "wrong-key"

    def __init__(self, room: str) -> None:
        super().__init__(f"{room} needs another key than you gave; ask one of its members for it: JOIN {room} KEY")
        self.about = (room,)


class RoomFull(Refused):
    """A room with as many members as it may have."""

    code = "room-full"

    def __init__(self, room: str, limit: int) -> None:
        super().__init__(f"{room} is full ({limit} members); come back later, or ask one of its members to invite you")
        self.about = (room,)


class UnknownMode(Refused):
    """A letter that is no mode."""

    code = "unknown-mode"

    def __init__(self, letter: str, known: str) -> None:
        super().__init__(f"there is no mode {letter}; the modes of a room are {known}")
        self.about = (letter,)


class BadModeParameter(Refused):
    """A value that a mode cannot take; ``value`` is what may be shown of it."""

    code = "bad-mode-parameter"

    def __init__(self, room: str, letter: str, value: str, remedy: str) -> None:
        super().__init__(f"mode {letter} cannot be that; use {remedy}")
        self.about = (room, letter, value)


class TooManyChanges(Refused):
    """More mode changes with a parameter than one command may have."""

    code = "too-many-changes"

    def __init__(self, room: str, count: int, limit: int) -> None:
        super().__init__(f"{count} mode changes with a parameter; the limit is {limit}, send several commands")
        self.about = (room,)


class MaskListFull(Refused):
    """One mask more than the lists of a room may have."""

    code = "mask-list-full"

    def __init__(self, room: str, letter: str, limit: int) -> None:
        super().__init__(f"the lists of {room} have {limit} masks, which is the limit; remove one first")
        self.about = (room, letter)

"""Every error that chatctl raises on purpose.

* ``ChatctlError``

  * ``Refused``: the request is turned down, the session goes on

    * ``LineTooLong``, ``BadCharacter``, ``NotUtf8``: what was sent is no line
    * ``UnknownCommand``, ``MissingParameter``, ``BadParameter``: it is no command
    * ``BadNick``, ``NickInUse``, ``NickReserved``, ``NoSuchNick``, ``NoSuchRecord``: names of people
    * ``NickOwned``, ``SaslFailed``, ``SaslTooLong``, ``SaslAborted``, ``TooManyLogins``, ``LoginUnavailable``,
      ``AlreadyLoggedIn``, ``TooManyClients``: logging in
    * ``RegistrationClosed``, ``ConnectionNotComplete``, ``NeedNick``, ``NameMustBeNick``, ``BadAccountName``,
      ``WeakPassword``, ``EmailNeeded``, ``VerifiedTooEarly``, ``NoVerification``, ``AccountNotSaved``:
      making an account
    * ``BadPassword``, ``BadScram``, ``AccountExists``, ``NoSuchAccount``: accounts
    * ``NotRegistered``, ``AlreadyRegistered``, ``NoNick``: before and after one takes part
    * ``BadRoom``, ``NoSuchRoom``, ``NotInRoom``, ``TooManyRooms``, ``AlreadyInRoom``, ``InLobby``: rooms
    * ``NotRoomOperator``, ``UserNotInRoom``, ``UserInRoom``: what one may do in rooms
    * ``RoomExists``, ``CannotRename``, ``TopicTooLong``: what rooms can be
    * ``CannotSend``, ``TooManyTargets``, ``NoRecipient``, ``NoText``: messages
    * ``BannedFromRoom``, ``InviteOnly``, ``WrongKey``, ``RoomFull``: rooms that do not let one in
    * ``UnknownMode``, ``BadModeParameter``, ``TooManyChanges``, ``MaskListFull``: modes of rooms
    * ``UnknownUserMode``, ``NotYourModes``, ``BadRealname``, ``WatchListFull``, ``LoginNeeded``: people
    * ``MissingParameters``, ``BadUser``, ``BadCapCommand``, ``InputTooLong``: IRC
    * ``NotOperator``, ``NoOperators``, ``WrongOperator``, ``TooManyTries``: operators of the server
    * ``BadBan``, ``BansYourself``, ``NoSuchBan``, ``TooManyBans``, ``BadDuration``, ``BadSetting``: what they do
    * ``NoSuchServer``, ``NoHelp``: the server
    * ``BadMetadataTarget``, ``BadMetadataKey``, ``BadMetadataValue``, ``BadSubcommand``: metadata
    * ``MetadataForbidden``, ``MetadataNotSet``, ``MetadataFull``, ``TooManySubscriptions``: metadata
    * ``BadHistoryRequest``, ``NoSuchHistory``, ``HistoryFailed``, ``BadSearch``, ``SearchFailed``: what was said
    * ``CannotRedact``, ``RedactForbidden``, ``NoSuchMessage``: taking messages back
    * ``MarkerMissing``, ``BadMarker``, ``TooManyMarkers``: up to where one has read
    * ``BadBatch``, ``BatchTooLong``, ``BatchTooManyLines``, ``WrongBatchTarget``, ``BadBatchReference``,
      ``UnknownBatch``: messages of several lines
    * ``NotSaved``, ``LookupFailed``: the store could not keep it, or not look it up

  * ``Misbehaved``: the connection ends

    * ``ServerFull``, ``PasswordNeeded``, ``WrongPassword``, ``OutOfResources``: nobody comes in
    * ``Banned``, ``Killed``: who runs the server wants somebody elsewhere
    * ``Kicked``, ``TooManyBadLines``, ``BadWebSocket``, ``UnsupportedWire``, ``InternalError``: nobody stays

  * ``CannotRun``: a command cannot do what was asked; each says the remedy

    * ``ListenFailed``, ``BadAddress``, ``DataDirUnusable``, ``DataDirBusy``, ``DataFileCorrupt``
    * ``SecretUnreadable``: a password's file
    * ``StoreFailed``: reading or writing the data file failed; ``ServerFailed``: a mistake in the server

Each class has a stable ``code`` that programs may compare; the sentence is for people and may change.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar


class ChatctlError(Exception):
    """Something that chatctl refuses or cannot do; ``str()`` is one sentence with the remedy."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 1


class Refused(ChatctlError):
    """A request that is turned down; the session goes on.

    ``about`` is what it concerns (a nick, a room), as a wire may have to name it apart from the sentence.
    """

    about: tuple[str, ...] = ()


class LineTooLong(Refused):
    """A line longer than the wire allows; sizes in bytes without the line ending."""

    code = "line-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"line is {size} bytes; the limit is {limit}")
        self.size, self.limit = size, limit


class BadCharacter(Refused):
    """A line with a character that no message may hold."""

    code = "bad-character"

    def __init__(self, name: str) -> None:
        super().__init__(f"line holds {name}; send it without")


class NotUtf8(Refused):
    """A line that is not valid UTF-8; ``position`` counts bytes from 0, ``command`` is what it would have been."""

    code = "not-utf8"

    def __init__(self, position: int, command: str = "*") -> None:
        super().__init__(f"byte {position} is not UTF-8; set your client to UTF-8")
        self.command = command


class UnknownCommand(Refused):
    """A slash command that does not exist."""

    code = "unknown-command"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no command {name}; /help lists them, // at the start sends a slash")
        self.about = (name,)


class MissingParameter(Refused):
    """A command without something that it needs."""

    code = "missing-parameter"

    def __init__(self, usage: str) -> None:
        super().__init__(f"usage: {usage}")


class BadParameter(Refused):
    """A command with a value that it cannot take."""

    code = "bad-parameter"


class BadNick(Refused):
    """A name that nobody may have."""

    code = "bad-nick"

    def __init__(self, nick: str, limit: int) -> None:
        super().__init__(
            f"{nick!r} cannot be a name; use up to {limit} letters, digits and -_[]\\^{{}}|`,"
            " and begin with no digit and no -"
        )
        self.about = (nick,)


class NickInUse(Refused):
    """A name that somebody else has."""

    code = "nick-in-use"

    def __init__(self, nick: str) -> None:
        super().__init__(f"{nick} is in use; choose another name")
        self.about = (nick,)


class NickReserved(Refused):
    """A name of the form that sessions get by their number."""

    code = "nick-reserved"

    def __init__(self, nick: str) -> None:
        super().__init__(f"the server gives names like {nick} itself; choose another name")
        self.about = (nick,)


class NoSuchNick(Refused):
    """A name that nobody has now."""

    code = "no-such-nick"

    def __init__(self, nick: str) -> None:
        super().__init__(f"nobody is called {nick}; /who lists who is here")
        self.about = (nick,)


class AccountExists(Refused):
    """A name that an account has already, letter case apart."""

    code = "account-exists"

    def __init__(self, name: str) -> None:
        super().__init__(f"an account {name} exists already; choose another name")
        self.about = (name,)


class NoSuchAccount(Refused):
    """A name that no account has."""

    code = "no-such-account"

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no account {name}; check the name, or register it first")


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


class NotRegistered(Refused):
    """Something that asks for a name first."""

    code = "not-registered"

    def __init__(self) -> None:
        super().__init__("tell your name first, with NICK and USER")


class AlreadyRegistered(Refused):
    """Something that can be told only before one takes part."""

    code = "already-registered"

    def __init__(self) -> None:
        super().__init__("you are registered already")


class NoNick(Refused):
    """A nick that is missing."""

    code = "no-nick"

    def __init__(self, usage: str = "NICK NAME") -> None:
        super().__init__(f"tell which nick you want: {usage}")


class MissingParameters(Refused):
    """An IRC command with fewer parameters than it needs."""

    code = "missing-parameters"

    def __init__(self, command: str) -> None:
        super().__init__(f"{command} needs more parameters; HELP {command} tells which")
        self.about = (command,)


class BadCapCommand(Refused):
    """A ``CAP`` with a word after it that means nothing."""

    code = "bad-cap-command"

    def __init__(self, word: str) -> None:
        super().__init__("CAP knows LS, LIST, REQ and END")
        self.about = (word,)


class NoRecipient(Refused):
    """A message to nobody."""

    code = "no-recipient"

    def __init__(self, command: str) -> None:
        super().__init__(f"tell to whom: {command} TARGET :TEXT")


class NoText(Refused):
    """A message without a text."""

    code = "no-text"

    def __init__(self) -> None:
        super().__init__("there is no text to send")


class InputTooLong(Refused):
    """An IRC line longer than the protocol allows; sizes in bytes."""

    code = "input-too-long"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"line is {size} bytes; the limit is {limit}")


class BadPassword(Refused):
    """A password that cannot be one."""

    code = "bad-password"

    def __init__(self, why: str) -> None:
        super().__init__(f"the password {why}; choose another")


class BadScram(Refused):
    """A step of a SCRAM exchange that is none."""

    code = "bad-scram"

    def __init__(self, why: str) -> None:
        super().__init__(f"the SCRAM message cannot be understood: {why}")


class BadUser(Refused):
    """A user name without a usable character."""

    code = "bad-user"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot be a user name; use letters, digits and ._~-")


class NickOwned(Refused):
    """A name that belongs to an account which one is not logged in to."""

    code = "nick-owned"

    def __init__(self, nick: str) -> None:
        super().__init__(f"{nick} belongs to an account; log in to it by SASL or NickServ, or choose another name")
        self.about = (nick,)


class SaslFailed(Refused):
    """A SASL exchange that came to nothing."""

    code = "sasl-failed"

    def __init__(self) -> None:
        super().__init__("SASL authentication failed: check name and password")


class LoginUnavailable(Refused):
    """A password that the store could not be asked about."""

    code = "login-unavailable"

    def __init__(self) -> None:
        super().__init__("the server could not look your account up; try again later")


class SaslTooLong(Refused):
    """A SASL message longer than any could be."""

    code = "sasl-too-long"

    def __init__(self) -> None:
        super().__init__("SASL message too long; begin again with AUTHENTICATE MECHANISM")


class SaslAborted(Refused):
    """A SASL exchange that the client gave up."""

    code = "sasl-aborted"

    def __init__(self) -> None:
        super().__init__("SASL authentication aborted; begin again with AUTHENTICATE MECHANISM")


class TooManyLogins(Refused):
    """A password tried too soon after several wrong ones; ``wait`` in seconds."""

    code = "too-many-logins"

    def __init__(self, wait: int) -> None:
        super().__init__(f"too many wrong passwords; try again in {wait} seconds")


class TooManyClients(Refused):
    """One client more than may share a name."""

    code = "too-many-clients"

    def __init__(self, nick: str, limit: int) -> None:
        super().__init__(f"{limit} of your clients are here as {nick}; close one or choose another name")
        self.about = (nick,)


class RegistrationClosed(Refused):
    """An account on a server where nobody can make one."""

    code = "registration-closed"

    def __init__(self, name: str) -> None:
        super().__init__("accounts are made by the one who runs this server; ask them")
        self.about = (name,)


class ConnectionNotComplete(Refused):
    """An account that is to be made too early."""

    code = "connection-not-complete"

    def __init__(self) -> None:
        super().__init__("complete the connection first, with NICK and USER, then make the account")
        self.about = ("*",)


class VerifiedTooEarly(Refused):
    """A code for an account that is told too early."""

    code = "verified-too-early"

    def __init__(self) -> None:
        super().__init__("complete the connection first, with NICK and USER; no code is asked for here")
        self.about = ("*",)


class NeedNick(Refused):
    """An account for somebody without a name."""

    code = "need-nick"

    def __init__(self) -> None:
        super().__init__("an account is called as your nick is; tell it first, with NICK")
        self.about = ("*",)


class NameMustBeNick(Refused):
    """An account named otherwise than its owner."""

    code = "name-must-be-nick"

    def __init__(self, name: str) -> None:
        super().__init__(f"an account is called as your nick is; take the nick {name} first")
        self.about = (name,)


class BadAccountName(Refused):
    """A name that no account may have."""

    code = "bad-account-name"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot be an account; take another nick first")
        self.about = (name,)


class AlreadyLoggedIn(Refused):
    """An account for somebody who is logged in to one."""

    code = "already-logged-in"

    def __init__(self, name: str) -> None:
        super().__init__(f"you are logged in as {name} already")
        self.about = (name,)


class WeakPassword(Refused):
    """A password that is too short; ``limit`` in characters."""

    code = "weak-password"

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(f"a password needs at least {limit} characters")
        self.about = (name,)


class EmailNeeded(Refused):
    """An e-mail address that is none, or none at all where one is needed."""

    code = "email-needed"

    def __init__(self, name: str, email: str) -> None:
        super().__init__(f"{email!r} is no e-mail address; give one such as ada@example.org")
        self.about = (name,)


class AccountNotSaved(Refused):
    """An account that the store could not keep, so there is none."""

    code = "account-not-saved"

    def __init__(self, name: str) -> None:
        super().__init__("the server could not store the account, so there is none; try again later")
        self.about = (name,)


class NoVerification(Refused):
    """A code for an account where none is asked for."""

    code = "no-verification"

    def __init__(self, name: str) -> None:
        super().__init__("no code is asked for here: an account is complete once it is made")
        self.about = (name,)


class NoSuchRecord(Refused):
    """A nick that nobody had as far as the ledger knows."""

    code = "no-such-record"

    def __init__(self, nick: str) -> None:
        super().__init__(f"nobody is known to have been called {nick}; WHOIS tells of those who are here")
        self.about = (nick,)


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


class TooManyTargets(Refused):
    """More rooms and people than one command may name."""

    code = "too-many-targets"

    def __init__(self, target: str, count: int, limit: int) -> None:
        super().__init__(f"{count} targets; the limit is {limit}")
        self.about = (target,)


class CannotSend(Refused):
    """A message that the room does not take from this sender."""

    code = "cannot-send"

    def __init__(self, room: str, why: str) -> None:
        super().__init__(f"{room} does not take your message: {why}")
        self.about = (room,)


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


class UnknownUserMode(Refused):
    """Modes that people cannot have; ``known`` are those they can."""

    code = "unknown-user-mode"

    def __init__(self, letters: str, known: str) -> None:
        super().__init__(f"there is no user mode {letters!r}; there are {known}")


class NotYourModes(Refused):
    """Modes of somebody else."""

    code = "not-your-modes"

    def __init__(self) -> None:
        super().__init__("these are the modes of somebody else; you can see and change your own")


class BadRealname(Refused):
    """A real name that nobody may have."""

    code = "bad-realname"

    def __init__(self, limit: int) -> None:
        super().__init__(f"that cannot be a real name; use 1 to {limit} characters")


class WatchListFull(Refused):
    """Names that are too many to watch; ``left`` are those that were not added."""

    code = "watch-list-full"

    def __init__(self, limit: int, left: tuple[str, ...]) -> None:
        super().__init__(f"you watch {limit} names already; take one off the list first")
        self.about = (str(limit), ",".join(left))


class LoginNeeded(Refused):
    """A private message to somebody who takes them only from people who are logged in."""

    code = "login-needed"

    def __init__(self, nick: str) -> None:
        super().__init__(f"{nick} takes private messages only from people who are logged in; log in to your account")
        self.about = (nick,)


class MaskListFull(Refused):
    """One mask more than the lists of a room may have."""

    code = "mask-list-full"

    def __init__(self, room: str, letter: str, limit: int) -> None:
        super().__init__(f"the lists of {room} have {limit} masks, which is the limit; remove one first")
        self.about = (room, letter)


class NotOperator(Refused):
    """Only operators of the server may do this."""

    code = "not-operator"

    def __init__(self) -> None:
        super().__init__("only operators of this server may do that; become one with OPER NAME PASSWORD")


class NoOperators(Refused):
    """A server without operators."""

    code = "no-operators"

    def __init__(self) -> None:
        super().__init__("this server has no operators; who runs it names them with --oper")


class WrongOperator(Refused):
    """No operator is called so, or the password is another one."""

    code = "wrong-operator"

    def __init__(self) -> None:
        super().__init__("wrong operator name or password; ask who runs the server")


class TooManyTries(Refused):
    """Too many wrong operator passwords."""

    code = "too-many-tries"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong operator passwords; try again in {seconds} seconds")


class BadBan(Refused):
    """A mask that means no addresses."""

    code = "bad-ban"

    def __init__(self, mask: str) -> None:
        super().__init__(f"{mask!r} means no addresses; use USER@HOST, an address or a network such as 10.0.0.0/8")
        self.about = (mask,)


class BansYourself(Refused):
    """A ban that would keep out the operator who sets it."""

    code = "bans-yourself"

    def __init__(self, mask: str, own: str) -> None:
        super().__init__(f"{mask} also means you ({own}); use a mask that means less")
        self.about = (mask,)


class NoSuchBan(Refused):
    """A ban that there is not."""

    code = "no-such-ban"

    def __init__(self, mask: str) -> None:
        super().__init__(f"{mask} is not banned; STATS k lists the bans")
        self.about = (mask,)


class TooManyBans(Refused):
    """One ban more than the server keeps."""

    code = "too-many-bans"

    def __init__(self, limit: int) -> None:
        super().__init__(f"there are {limit} bans already; lift one with UNKLINE or ban a network")


class BadDuration(Refused):
    """A duration that nobody can wait for."""

    code = "bad-duration"

    def __init__(self, text: str, days: int) -> None:
        super().__init__(f"{text} is longer than {days} days; leave the duration out to ban for ever")
        self.about = (text,)


class BadSetting(Refused):
    """Something that cannot be set, or not to this value."""

    code = "bad-setting"

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(f"{text} cannot be set; use {remedy}")
        self.about = (text,)


class NoSuchServer(Refused):
    """Another server than this one, which knows no others."""

    code = "no-such-server"

    def __init__(self, name: str) -> None:
        super().__init__(f"no server here is called {name}; leave the name out to ask this one")
        self.about = (name,)


class NoHelp(Refused):
    """Something that the help does not know."""

    code = "no-help"

    def __init__(self, subject: str) -> None:
        super().__init__(f"there is no help on {subject}; HELP lists the commands")
        self.about = (subject,)


class BadMetadataTarget(Refused):
    """Nobody and no room that has metadata, for the one who asks."""

    code = "bad-metadata-target"

    def __init__(self, target: str) -> None:
        super().__init__(f"{target} has no metadata for you; name somebody who is here, a room, or * for yourself")
        self.about = (target,)


class BadMetadataKey(Refused):
    """Something that no metadata key can be."""

    code = "bad-metadata-key"

    def __init__(self, key: str, limit: int) -> None:
        super().__init__(f"{key!r} cannot be a key; use up to {limit} of a-z, 0-9 and _./-")
        self.about = (key,)


class BadMetadataValue(Refused):
    """A value that is too long; sizes in bytes."""

    code = "bad-metadata-value"

    def __init__(self, key: str, size: int, limit: int) -> None:
        super().__init__(f"the value of {key} has {size} bytes; the limit is {limit}")
        self.about = (key,)


class BadSubcommand(Refused):
    """Something that METADATA cannot do."""

    code = "bad-subcommand"

    def __init__(self, name: str) -> None:
        super().__init__(f"METADATA has no {name}; it has GET, LIST, SET, CLEAR, SUB, UNSUB, SUBS and SYNC")
        self.about = (name,)


class MetadataForbidden(Refused):
    """Metadata that somebody may not see or set; ``key`` is ``*`` when it concerns them all."""

    code = "metadata-forbidden"

    def __init__(self, target: str, key: str) -> None:
        super().__init__(f"the metadata of {target} is not for you to see or set; ask an operator")
        self.about = (target, key)


class MetadataNotSet(Refused):
    """A key that is to be taken away and is not there."""

    code = "metadata-not-set"

    def __init__(self, target: str, key: str) -> None:
        super().__init__(f"{key} is not set on {target}, so it cannot be taken away")
        self.about = (target, key)


class MetadataFull(Refused):
    """One key more than somebody or a room may have."""

    code = "metadata-full"

    def __init__(self, target: str, limit: int) -> None:
        super().__init__(f"{target} has {limit} keys already; take one away first")
        self.about = (target,)


class TooManySubscriptions(Refused):
    """One key more than a session may subscribe to."""

    code = "too-many-subscriptions"

    def __init__(self, key: str, limit: int) -> None:
        super().__init__(f"you subscribe to {limit} keys already; unsubscribe from one first")
        self.about = (key,)


class NotSaved(Refused):
    """A message that the store could not keep, so nobody was sent it."""

    code = "not-saved"

    def __init__(self) -> None:
        super().__init__("the server could not store your message, so nobody received it; try again later")


class LookupFailed(Refused):
    """A question that the store could not answer."""

    code = "lookup-failed"

    def __init__(self) -> None:
        super().__init__("the server could not read its store; try again later")


class BadHistoryRequest(Refused):
    """A request for messages that means nothing; ``command`` is what was asked, ``word`` what is wrong with it."""

    code = "bad-history-request"

    def __init__(self, command: str, why: str, *word: str) -> None:
        super().__init__(why)
        self.about = (command, *word)


class NoSuchHistory(Refused):
    """A room or conversation whose messages one may not read."""

    code = "no-such-history"

    def __init__(self, command: str, target: str) -> None:
        super().__init__(f"you cannot read what was said in {target}; join the channel, or name whom you wrote with")
        self.about = (command, target)


class HistoryFailed(Refused):
    """Messages that the store failed to look up."""

    code = "history-failed"

    def __init__(self, command: str, target: str) -> None:
        super().__init__(f"what was said in {target} could not be looked up; try again in a moment")
        self.about = (command, target)


class BadSearch(Refused):
    """A search with something in it that cannot be searched for."""

    code = "bad-search"

    def __init__(self, attribute: str, why: str) -> None:
        super().__init__(why)
        self.about = (attribute,)


class SearchFailed(Refused):
    """A search that the store failed to do."""

    code = "search-failed"

    def __init__(self) -> None:
        super().__init__("the search could not be run; try again in a moment")


class CannotRedact(Refused):
    """A room or conversation in which one can take no message back."""

    code = "cannot-redact"

    def __init__(self, target: str) -> None:
        super().__init__(f"you cannot take messages back from {target}; join the channel, or name whom you wrote to")
        self.about = (target,)


class RedactForbidden(Refused):
    """A message of somebody else's."""

    code = "redact-forbidden"

    def __init__(self, target: str, message: str) -> None:
        super().__init__("only who sent it can take the message back, or an operator of the channel")
        self.about = (target, message)


class NoSuchMessage(Refused):
    """A message that is not kept, or not there."""

    code = "no-such-message"

    def __init__(self, target: str, message: str) -> None:
        super().__init__(f"{target} has no such message, or it is too old; check its number")
        self.about = (target, message)


class MarkerMissing(Refused):
    """A read marker without saying whose messages were read."""

    code = "marker-missing"

    def __init__(self) -> None:
        super().__init__("name the channel or the person whose messages you have read")


class BadMarker(Refused):
    """A read marker with a target or a time that is none; ``word`` is what is wrong."""

    code = "bad-marker"

    def __init__(self, word: str) -> None:
        super().__init__(f"{word} is no target or time; write MARKREAD #channel timestamp=2026-11-22T14:41:07.123Z")
        self.about = (word,)


class TooManyMarkers(Refused):
    """More read markers than anybody may have."""

    code = "too-many-markers"

    def __init__(self, target: str, limit: int) -> None:
        super().__init__(f"you have {limit} read markers, the most there can be; this one is not kept")
        self.about = (target,)


class BadBatch(Refused):
    """A message of several lines that is none."""

    code = "bad-batch"


class BatchTooLong(Refused):
    """A message of several lines with too many bytes."""

    code = "batch-too-long"

    def __init__(self, limit: int) -> None:
        super().__init__(f"a message of several lines has {limit} bytes at most; send the rest in another one")
        self.about = (str(limit),)


class BatchTooManyLines(Refused):
    """A message of several lines with too many of them."""

    code = "batch-too-many-lines"

    def __init__(self, limit: int) -> None:
        super().__init__(f"a message of several lines has {limit} lines at most; send the rest in another one")
        self.about = (str(limit),)


class WrongBatchTarget(Refused):
    """A line in a batch that is for somebody else."""

    code = "wrong-batch-target"

    def __init__(self, target: str, other: str) -> None:
        super().__init__(f"the batch is for {target}; send its lines there")
        self.about = (target, other)


class BadBatchReference(Refused):
    """A batch whose reference is none."""

    code = "bad-batch-reference"

    def __init__(self, reference: str) -> None:
        super().__init__("the reference of a batch is + and letters, digits or - to begin it, - and the same to end it")
        self.about = (reference,)


class UnknownBatch(Refused):
    """A batch of a type that clients cannot send."""

    code = "unknown-batch"

    def __init__(self, reference: str, kind: str) -> None:
        super().__init__("clients can send batches of the type draft/multiline once they have asked for it")
        self.about = (reference, kind)


class Misbehaved(ChatctlError):
    """What ends a connection."""


class ServerFull(Misbehaved):
    """No slot is free for another session."""

    code = "server-full"

    def __init__(self, active: int, limit: int) -> None:
        super().__init__(f"Server full ({active}/{limit} clients), try again later")


class PasswordNeeded(Misbehaved):
    """A session that cannot tell the server's password on a server that asks for it."""

    code = "password-needed"

    def __init__(self) -> None:
        super().__init__("this server asks for a password; connect with an IRC client that sends one")


class WrongPassword(Misbehaved):
    """The server's password was not told, or another one."""

    code = "wrong-password"

    def __init__(self) -> None:
        super().__init__("wrong server password")


class Banned(Misbehaved):
    """An address that may not connect; ``until`` counts milliseconds since 1970, None means for ever."""

    code = "address-banned"

    def __init__(self, why: str, until: int | None) -> None:
        end = "" if until is None else f" until {datetime.fromtimestamp(until // 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
        super().__init__(f"You are banned{end}: {why}")


class Killed(Misbehaved):
    """Disconnected by an operator."""

    code = "killed"

    def __init__(self, by: str, why: str) -> None:
        super().__init__(f"{by}, an operator of the server, disconnected you: {why}")


class Kicked(Misbehaved):
    """Put out of the one room that everyone may be in."""

    code = "kicked"

    def __init__(self, room: str, by: str, why: str) -> None:
        super().__init__(f"{by} kicked you from {room}" + (f" ({why})" if why else ""))


class OutOfResources(Misbehaved):
    """The machine has nothing left for another connection."""

    code = "out-of-resources"

    def __init__(self, what: str) -> None:
        super().__init__(f"Server has no {what} left for another client, try again later")


class TooManyBadLines(Misbehaved):
    """Several lines in a row that were none."""

    code = "too-many-bad-lines"

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} unusable lines in a row, goodbye")


class BadWebSocket(Misbehaved):
    """What no WebSocket client may send; ``status`` is the code to close with: RFC 6455, section 7.4.1."""

    code = "bad-websocket"

    def __init__(self, status: int, why: str) -> None:
        super().__init__(f"your client broke the WebSocket protocol: {why}")
        self.status = status


class UnsupportedWire(Misbehaved):
    """A protocol that this server recognises but does not speak."""

    code = "unsupported-protocol"

    def __init__(self, wire: str) -> None:
        super().__init__(f"this server does not speak {wire}; connect with chatctl connect or netcat")


class InternalError(Misbehaved):
    """A mistake in this program; the log has the traceback."""

    code = "internal-error"

    def __init__(self) -> None:
        super().__init__("The server made a mistake with what you sent, and noted it; please connect again")


class CannotRun(ChatctlError):
    """A command cannot do what was asked."""

    code = "cannot-run"


class BadAddress(CannotRun):
    """An address that is none or that nobody can listen on."""

    code = "bad-address"


class ListenFailed(CannotRun):
    """An address that the server could not bind."""

    code = "listen-failed"


class DataDirUnusable(CannotRun):
    """A data folder that cannot be made, read or written."""

    code = "data-dir-unusable"


class DataDirBusy(CannotRun):
    """A data folder that another server uses."""

    code = "data-dir-busy"


class DataFileCorrupt(CannotRun):
    """A data file that is damaged or newer than this program."""

    code = "data-file-corrupt"


class SecretUnreadable(CannotRun):
    """A file that should hold a password or its hash."""

    code = "secret-unreadable"

    def __init__(self, path: object, why: str) -> None:
        super().__init__(f"cannot take a password from {path}: {why}; write it, or its hash, in the first line")


class ServerFailed(CannotRun):
    """The server stopped because of a mistake in this program; the log has the traceback."""

    code = "server-failed"

    def __init__(self) -> None:
        super().__init__(
            "the server stopped after a mistake of its own; the log above has the details, please report it"
        )


class StoreFailed(CannotRun):
    """A read or write that the data file did not allow; a later one may work."""

    code = "store-failed"

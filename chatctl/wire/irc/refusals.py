"""How IRC says that a request is turned down: a numeric, or a standard reply (IRCv3)."""

from __future__ import annotations

from chatctl import errors
from chatctl.errors import Refused
from chatctl.wire.clean import clean
from chatctl.wire.irc.page import Out, Page

NUMERICS: dict[type[Refused], str] = {
    errors.NoSuchNick: "401",
    errors.NoSuchRoom: "403",
    errors.CannotSend: "404",
    errors.TooManyRooms: "405",
    errors.TooManyTargets: "407",
    errors.NoRecipient: "411",
    errors.NoText: "412",
    errors.InputTooLong: "417",
    errors.UnknownCommand: "421",
    errors.NoNick: "431",
    errors.BadNick: "432",
    errors.NickInUse: "433",
    errors.NickReserved: "433",
    errors.NickOwned: "433",
    errors.UserNotInRoom: "441",
    errors.NotInRoom: "442",
    errors.UserInRoom: "443",
    errors.NotRegistered: "451",
    errors.MissingParameters: "461",
    errors.AlreadyRegistered: "462",
    errors.BadUser: "468",
    errors.BadRoom: "476",
    errors.NotRoomOperator: "482",
    errors.SaslFailed: "904",
    errors.TooManyLogins: "904",
    errors.SaslTooLong: "905",
    errors.SaslAborted: "906",
    errors.BadCapCommand: "410",
    errors.RoomFull: "471",
    errors.UnknownMode: "472",
    errors.InviteOnly: "473",
    errors.BannedFromRoom: "474",
    errors.WrongKey: "475",
    errors.MaskListFull: "478",
    errors.BadModeParameter: "696",
    errors.LoginNeeded: "477",
    errors.UnknownUserMode: "501",
    errors.NotYourModes: "502",
    errors.WatchListFull: "734",
}
"""The numeric of each refusal; what it is ``about`` comes before the sentence. Modern IRC, section "Numerics"."""

FAILURES: dict[type[Refused], tuple[str, str]] = {
    errors.NotUtf8: ("*", "INVALID_UTF8"),
    errors.AccountExists: ("REGISTER", "ACCOUNT_EXISTS"),
    errors.AlreadyLoggedIn: ("REGISTER", "ALREADY_AUTHENTICATED"),
    errors.BadAccountName: ("REGISTER", "BAD_ACCOUNT_NAME"),
    errors.BadPassword: ("REGISTER", "UNACCEPTABLE_PASSWORD"),
    errors.ConnectionNotComplete: ("REGISTER", "COMPLETE_CONNECTION_REQUIRED"),
    errors.EmailNeeded: ("REGISTER", "INVALID_EMAIL"),
    errors.NameMustBeNick: ("REGISTER", "ACCOUNT_NAME_MUST_BE_NICK"),
    errors.NeedNick: ("REGISTER", "NEED_NICK"),
    errors.NoVerification: ("VERIFY", "INVALID_CODE"),
    errors.RegistrationClosed: ("REGISTER", "TEMPORARILY_UNAVAILABLE"),
    errors.WeakPassword: ("REGISTER", "WEAK_PASSWORD"),
    errors.NotSaved: ("*", "NOT_SAVED"),
    errors.TooManyChanges: ("MODE", "TOO_MANY_CHANGES"),
    errors.TopicTooLong: ("TOPIC", "TOPIC_TOO_LONG"),
    errors.RoomExists: ("RENAME", "CHANNEL_NAME_IN_USE"),
    errors.CannotRename: ("RENAME", "CANNOT_RENAME"),
    errors.BadRealname: ("SETNAME", "INVALID_REALNAME"),
    errors.LookupFailed: ("*", "LOOKUP_FAILED"),
}
"""The command and the code of each refusal that has no numeric, for ``FAIL``."""


def refuse(page: Page, error: Refused) -> list[Out]:
    """Return the line that turns a request down."""
    kind = type(error)
    sentence = clean(str(error))
    about = [word if word and " " not in word and word[0] != ":" else "*" for word in map(clean, error.about)]
    code = NUMERICS.get(kind)
    if code is not None:
        return [page.numeric(code, *about, sentence)]
    command, failure = FAILURES.get(kind, ("*", kind.code.upper().replace("-", "_")))
    return [page.note(command, failure, *about, sentence)]

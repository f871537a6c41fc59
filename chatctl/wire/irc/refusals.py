"""How IRC says that a request is turned down: a numeric, or a standard reply (IRCv3)."""

from __future__ import annotations

from chatctl import errors
from chatctl.errors import Misbehaved, Refused
from chatctl.wire.clean import clean
from chatctl.wire.irc.caps import METADATA_CAP
from chatctl.wire.irc.page import Out, Page, last_word

NUMERICS: dict[type[Refused], str] = {
    errors.NoSuchNick: "401",
    errors.NoSuchRecord: "406",
    errors.NoSuchRoom: "403",
    errors.CannotSend: "404",
    errors.TooManyRooms: "405",
    errors.TooManyTargets: "407",
    errors.NoRecipient: "411",
    errors.NoText: "412",
    errors.NoSuchServer: "402",
    errors.BadBan: "415",
    errors.InputTooLong: "417",
    errors.UnknownCommand: "421",
    errors.NoNick: "431",
    errors.BadNick: "432",
    errors.NickInUse: "433",
    errors.NickReserved: "433",
    errors.NickOwned: "433",
    errors.TooManyClients: "433",
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
    errors.LoginUnavailable: "904",
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
    errors.WrongOperator: "464",
    errors.TooManyTries: "464",
    errors.NotOperator: "481",
    errors.NoOperators: "491",
    errors.NoHelp: "524",
    errors.LoginNeeded: "477",
    errors.UnknownUserMode: "501",
    errors.NotYourModes: "502",
    errors.WatchListFull: "734",
}
"""The numeric of each refusal; what it is ``about`` comes before the sentence. Modern IRC, section "Numerics"."""

FAILURES: dict[type[Refused], tuple[str, str]] = {
    errors.AccountExists: ("REGISTER", "ACCOUNT_EXISTS"),
    errors.AccountNotSaved: ("REGISTER", "TEMPORARILY_UNAVAILABLE"),
    errors.AlreadyLoggedIn: ("REGISTER", "ALREADY_AUTHENTICATED"),
    errors.BadAccountName: ("REGISTER", "BAD_ACCOUNT_NAME"),
    errors.BadPassword: ("REGISTER", "UNACCEPTABLE_PASSWORD"),
    errors.ConnectionNotComplete: ("REGISTER", "COMPLETE_CONNECTION_REQUIRED"),
    errors.EmailNeeded: ("REGISTER", "INVALID_EMAIL"),
    errors.NameMustBeNick: ("REGISTER", "ACCOUNT_NAME_MUST_BE_NICK"),
    errors.NeedNick: ("REGISTER", "NEED_NICK"),
    errors.VerifiedTooEarly: ("VERIFY", "COMPLETE_CONNECTION_REQUIRED"),
    errors.NoVerification: ("VERIFY", "INVALID_CODE"),
    errors.RegistrationClosed: ("REGISTER", "TEMPORARILY_UNAVAILABLE"),
    errors.WeakPassword: ("REGISTER", "WEAK_PASSWORD"),
    errors.NotSaved: ("*", "NOT_SAVED"),
    errors.TooManyChanges: ("MODE", "TOO_MANY_CHANGES"),
    errors.TopicTooLong: ("TOPIC", "TOPIC_TOO_LONG"),
    errors.RoomExists: ("RENAME", "CHANNEL_NAME_IN_USE"),
    errors.CannotRename: ("RENAME", "CANNOT_RENAME"),
    errors.BadRealname: ("SETNAME", "INVALID_REALNAME"),
    errors.BansYourself: ("KLINE", "BANS_YOURSELF"),
    errors.NoSuchBan: ("UNKLINE", "NO_SUCH_BAN"),
    errors.TooManyBans: ("KLINE", "TOO_MANY_BANS"),
    errors.BadDuration: ("KLINE", "BAD_DURATION"),
    errors.BadSetting: ("SET", "BAD_SETTING"),
    errors.BadMetadataTarget: ("METADATA", "INVALID_TARGET"),
    errors.BadMetadataKey: ("METADATA", "KEY_INVALID"),
    errors.BadMetadataValue: ("METADATA", "INVALID_VALUE"),
    errors.BadSubcommand: ("METADATA", "SUBCOMMAND_INVALID"),
    errors.MetadataForbidden: ("METADATA", "KEY_NO_PERMISSION"),
    errors.MetadataNotSet: ("METADATA", "KEY_NOT_SET"),
    errors.MetadataFull: ("METADATA", "LIMIT_REACHED"),
    errors.TooManySubscriptions: ("METADATA", "TOO_MANY_SUBS"),
    errors.BadHistoryRequest: ("CHATHISTORY", "INVALID_PARAMS"),
    errors.NoSuchHistory: ("CHATHISTORY", "INVALID_TARGET"),
    errors.HistoryFailed: ("CHATHISTORY", "MESSAGE_ERROR"),
    errors.BadSearch: ("SEARCH", "INVALID_PARAMS"),
    errors.SearchFailed: ("SEARCH", "INTERNAL_ERROR"),
    errors.CannotRedact: ("REDACT", "INVALID_TARGET"),
    errors.RedactForbidden: ("REDACT", "REDACT_FORBIDDEN"),
    errors.NoSuchMessage: ("REDACT", "UNKNOWN_MSGID"),
    errors.MarkerMissing: ("MARKREAD", "NEED_MORE_PARAMS"),
    errors.BadMarker: ("MARKREAD", "INVALID_PARAMS"),
    errors.TooManyMarkers: ("MARKREAD", "INTERNAL_ERROR"),
    errors.BadBatch: ("BATCH", "MULTILINE_INVALID"),
    errors.BatchTooLong: ("BATCH", "MULTILINE_MAX_BYTES"),
    errors.BatchTooManyLines: ("BATCH", "MULTILINE_MAX_LINES"),
    errors.WrongBatchTarget: ("BATCH", "MULTILINE_INVALID_TARGET"),
    errors.BadBatchReference: ("BATCH", "INVALID_REFTAG"),
    errors.UnknownBatch: ("BATCH", "UNKNOWN_TYPE"),
    errors.LookupFailed: ("*", "LOOKUP_FAILED"),
}
"""The command and the code of each refusal that has no numeric, for ``FAIL``."""

SENTENCES: dict[type[Refused], str] = {
    errors.NoSuchNick: "nobody is called {}; WHO * lists who is here",
    errors.UnknownCommand: "there is no command {}; HELP lists them",
}
"""What is told in place of a sentence that speaks of the commands of the text protocol; ``{}`` is what it is about."""

LAST_NUMERICS: dict[type[Misbehaved], str] = {errors.WrongPassword: "464", errors.Banned: "465"}
"""The numeric that tells why before the connection ends, where there is one."""


def refuse(page: Page, error: Refused) -> list[Out]:
    """Return the line that turns a request down."""
    kind = type(error)
    sentence = clean(SENTENCES[kind].format(*error.about) if kind in SENTENCES else str(error))
    about = [word if word and " " not in word and word[0] != ":" else "*" for word in map(clean, error.about)]
    code = NUMERICS.get(kind)
    if code is not None:
        return [page.numeric(code, *about, sentence)]
    command, failure = FAILURES.get(kind, ("*", kind.code.upper().replace("-", "_")))
    if isinstance(error, errors.NotUtf8):
        command, failure = error.command, "INVALID_UTF8"
    elif kind is errors.BadMetadataValue and METADATA_CAP not in page.caps:
        # The earlier draft calls it otherwise and does not name the key.
        failure, about = "VALUE_INVALID", []
    return [page.note(command, failure, *about, sentence)]


def last_words(page: Page, error: Misbehaved) -> list[Out]:
    """Return the lines that end a connection."""
    code = LAST_NUMERICS.get(type(error))
    told = [] if code is None else [page.numeric(code, clean(str(error)))]
    return [*told, last_word(clean(str(error)))]

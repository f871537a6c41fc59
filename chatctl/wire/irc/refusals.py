"""How IRC says that a request is turned down: a numeric, or a standard reply (IRCv3)."""

from __future__ import annotations

from chatctl import errors
from chatctl.errors import Misbehaved, Refused
from chatctl.wire.clean import clean
from chatctl.wire.irc import numerics
from chatctl.wire.irc.caps import METADATA_CAP
from chatctl.wire.irc.page import Out, Page, last_word

NUMERICS: dict[type[Refused], str] = {
    errors.NoSuchNick: numerics.ERR_NOSUCHNICK,
    errors.NoSuchRecord: numerics.ERR_WASNOSUCHNICK,
    errors.NoSuchRoom: numerics.ERR_NOSUCHCHANNEL,
    errors.CannotSend: numerics.ERR_CANNOTSENDTOCHAN,
    errors.TooManyRooms: numerics.ERR_TOOMANYCHANNELS,
    errors.TooManyTargets: numerics.ERR_TOOMANYTARGETS,
    errors.NoRecipient: numerics.ERR_NORECIPIENT,
    errors.NoText: numerics.ERR_NOTEXTTOSEND,
    errors.NoSuchServer: numerics.ERR_NOSUCHSERVER,
    errors.BadBan: numerics.ERR_BADMASK,
    errors.InputTooLong: numerics.ERR_INPUTTOOLONG,
    errors.UnknownCommand: numerics.ERR_UNKNOWNCOMMAND,
    errors.NoNick: numerics.ERR_NONICKNAMEGIVEN,
    errors.BadNick: numerics.ERR_ERRONEUSNICKNAME,
    errors.NickInUse: numerics.ERR_NICKNAMEINUSE,
    errors.NickReserved: numerics.ERR_NICKNAMEINUSE,
    errors.NickOwned: numerics.ERR_NICKNAMEINUSE,
    errors.TooManyClients: numerics.ERR_NICKNAMEINUSE,
    errors.UserNotInRoom: numerics.ERR_USERNOTINCHANNEL,
    errors.NotInRoom: numerics.ERR_NOTONCHANNEL,
    errors.UserInRoom: numerics.ERR_USERONCHANNEL,
    errors.NotRegistered: numerics.ERR_NOTREGISTERED,
    errors.MissingParameters: numerics.ERR_NEEDMOREPARAMS,
    errors.AlreadyRegistered: numerics.ERR_ALREADYREGISTERED,
    errors.BadUser: numerics.ERR_INVALIDUSERNAME,
    errors.BadRoom: numerics.ERR_BADCHANMASK,
    errors.NotRoomOperator: numerics.ERR_CHANOPRIVSNEEDED,
    errors.SaslFailed: numerics.ERR_SASLFAIL,
    errors.CertificateUnknown: numerics.ERR_SASLFAIL,
    errors.NoCertificate: numerics.ERR_SASLFAIL,
    errors.LoginUnavailable: numerics.ERR_SASLFAIL,
    errors.TooManyLogins: numerics.ERR_SASLFAIL,
    errors.SaslTooLong: numerics.ERR_SASLTOOLONG,
    errors.SaslAborted: numerics.ERR_SASLABORTED,
    errors.BadCapCommand: numerics.ERR_INVALIDCAPCMD,
    errors.RoomFull: numerics.ERR_CHANNELISFULL,
    errors.UnknownMode: numerics.ERR_UNKNOWNMODE,
    errors.InviteOnly: numerics.ERR_INVITEONLYCHAN,
    errors.BannedFromRoom: numerics.ERR_BANNEDFROMCHAN,
    errors.WrongKey: numerics.ERR_BADCHANNELKEY,
    errors.MaskListFull: numerics.ERR_BANLISTFULL,
    errors.BadModeParameter: numerics.ERR_INVALIDMODEPARAM,
    errors.WrongOperator: numerics.ERR_PASSWDMISMATCH,
    errors.TooManyTries: numerics.ERR_PASSWDMISMATCH,
    errors.NotOperator: numerics.ERR_NOPRIVILEGES,
    errors.NoOperators: numerics.ERR_NOOPERHOST,
    errors.NoHelp: numerics.ERR_HELPNOTFOUND,
    errors.LoginNeeded: numerics.ERR_NEEDREGGEDNICK,
    errors.UnknownUserMode: numerics.ERR_UMODEUNKNOWNFLAG,
    errors.NotYourModes: numerics.ERR_USERSDONTMATCH,
    errors.WatchListFull: numerics.ERR_MONLISTFULL,
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

LAST_NUMERICS: dict[type[Misbehaved], str] = {
    errors.WrongPassword: numerics.ERR_PASSWDMISMATCH,
    errors.Banned: numerics.ERR_YOUREBANNEDCREEP,
}
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

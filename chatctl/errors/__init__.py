"""Every error that chatctl raises on purpose.

* ``ChatctlError``

  * ``Refused``: the request is turned down, the session goes on

    * ``LineTooLong``, ``BadCharacter``, ``NotUtf8``: what was sent is no line
    * ``UnknownCommand``, ``MissingParameter``, ``BadParameter``: it is no command
    * ``BadNick``, ``NickInUse``, ``NickReserved``, ``NoSuchNick``, ``NoSuchRecord``: names of people
    * ``NickOwned``, ``SaslFailed``, ``SaslTooLong``, ``SaslAborted``, ``TooManyLogins``, ``LoginUnavailable``,
      ``AlreadyLoggedIn``, ``TooManyClients``, ``CertificateUnknown``, ``NoCertificate``: logging in
    * ``RegistrationClosed``, ``ConnectionNotComplete``, ``NeedNick``, ``NameMustBeNick``, ``BadAccountName``,
      ``WeakPassword``, ``EmailNeeded``, ``VerifiedTooEarly``, ``NoVerification``, ``AccountNotSaved``:
      making an account
    * ``BadPassword``, ``BadScram``, ``AccountExists``, ``NoSuchAccount``, ``CertificateRefused``: accounts
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

    * ``TooManyFromAddress``, ``TooOftenFromAddress``: not from there
    * ``ServerFull``, ``PasswordNeeded``, ``WrongPassword``, ``OutOfResources``: nobody comes in
    * ``Banned``, ``Killed``: who runs the server wants somebody elsewhere
    * ``PingTimeout``, ``RegistrationTimeout``, ``RegistrationTooLong``: nobody waits for ever
    * ``Kicked``, ``TooManyBadLines``, ``BadWebSocket``, ``InternalError``: nobody stays

  * ``CannotRun``: a command cannot do what was asked; each says the remedy

    * ``ListenFailed``, ``BadAddress``, ``DataDirUnusable``, ``DataDirBusy``, ``DataFileCorrupt``
    * ``SecretUnreadable``: a password's file; ``CertificateUnusable``: a certificate's
    * ``StoreFailed``: reading or writing the data file failed; ``ServerFailed``: a mistake in the server

Each class has a stable ``code`` that programs may compare; the sentence is for people and may change.
"""

from __future__ import annotations

from chatctl.errors.accounts import (
    AccountExists,
    AccountNotSaved,
    AlreadyLoggedIn,
    BadAccountName,
    BadPassword,
    BadScram,
    CertificateRefused,
    CertificateUnknown,
    ConnectionNotComplete,
    EmailNeeded,
    LoginUnavailable,
    NameMustBeNick,
    NeedNick,
    NickOwned,
    NoCertificate,
    NoSuchAccount,
    NoVerification,
    RegistrationClosed,
    SaslAborted,
    SaslFailed,
    SaslTooLong,
    TooManyClients,
    TooManyLogins,
    VerifiedTooEarly,
    WeakPassword,
)
from chatctl.errors.base import (
    CannotRun,
    ChatctlError,
    Misbehaved,
    Refused,
)
from chatctl.errors.endings import (
    BadWebSocket,
    Banned,
    InternalError,
    Kicked,
    Killed,
    OutOfResources,
    PasswordNeeded,
    PingTimeout,
    RegistrationTimeout,
    RegistrationTooLong,
    ServerFull,
    TooManyBadLines,
    TooManyFromAddress,
    TooOftenFromAddress,
    WrongPassword,
)
from chatctl.errors.history import (
    BadHistoryRequest,
    BadMarker,
    BadSearch,
    CannotRedact,
    HistoryFailed,
    MarkerMissing,
    NoSuchHistory,
    NoSuchMessage,
    RedactForbidden,
    SearchFailed,
    TooManyMarkers,
)
from chatctl.errors.lines import (
    BadBatch,
    BadBatchReference,
    BadCapCommand,
    BadCharacter,
    BadParameter,
    BatchTooLong,
    BatchTooManyLines,
    InputTooLong,
    LineTooLong,
    MissingParameter,
    MissingParameters,
    NoHelp,
    NoSuchServer,
    NotUtf8,
    UnknownBatch,
    UnknownCommand,
    WrongBatchTarget,
)
from chatctl.errors.metadata import (
    BadMetadataKey,
    BadMetadataTarget,
    BadMetadataValue,
    BadSubcommand,
    MetadataForbidden,
    MetadataFull,
    MetadataNotSet,
    TooManySubscriptions,
)
from chatctl.errors.operators import (
    BadBan,
    BadDuration,
    BadSetting,
    BansYourself,
    NoOperators,
    NoSuchBan,
    NotOperator,
    TooManyBans,
    TooManyTries,
    WrongOperator,
)
from chatctl.errors.people import (
    AlreadyRegistered,
    BadNick,
    BadRealname,
    BadUser,
    LoginNeeded,
    NickInUse,
    NickReserved,
    NoNick,
    NoSuchNick,
    NoSuchRecord,
    NotRegistered,
    NotYourModes,
    UnknownUserMode,
    WatchListFull,
)
from chatctl.errors.rooms import (
    AlreadyInRoom,
    BadModeParameter,
    BadRoom,
    BannedFromRoom,
    CannotRename,
    InLobby,
    InviteOnly,
    MaskListFull,
    NoSuchRoom,
    NotInRoom,
    NotRoomOperator,
    RoomExists,
    RoomFull,
    TooManyChanges,
    TooManyRooms,
    TopicTooLong,
    UnknownMode,
    UserInRoom,
    UserNotInRoom,
    WrongKey,
)
from chatctl.errors.running import (
    BadAddress,
    CertificateUnusable,
    DataDirBusy,
    DataDirUnusable,
    DataFileCorrupt,
    ListenFailed,
    SecretUnreadable,
    ServerFailed,
    StoreFailed,
)
from chatctl.errors.talk import (
    CannotSend,
    LookupFailed,
    NoRecipient,
    NoText,
    NotSaved,
    TooManyTargets,
)

__all__ = [
    "AccountExists",
    "AccountNotSaved",
    "AlreadyInRoom",
    "AlreadyLoggedIn",
    "AlreadyRegistered",
    "BadAccountName",
    "BadAddress",
    "BadBan",
    "BadBatch",
    "BadBatchReference",
    "BadCapCommand",
    "BadCharacter",
    "BadDuration",
    "BadHistoryRequest",
    "BadMarker",
    "BadMetadataKey",
    "BadMetadataTarget",
    "BadMetadataValue",
    "BadModeParameter",
    "BadNick",
    "BadParameter",
    "BadPassword",
    "BadRealname",
    "BadRoom",
    "BadScram",
    "BadSearch",
    "BadSetting",
    "BadSubcommand",
    "BadUser",
    "BadWebSocket",
    "Banned",
    "BannedFromRoom",
    "BansYourself",
    "BatchTooLong",
    "BatchTooManyLines",
    "CannotRedact",
    "CannotRename",
    "CannotRun",
    "CannotSend",
    "CertificateRefused",
    "CertificateUnknown",
    "CertificateUnusable",
    "ChatctlError",
    "ConnectionNotComplete",
    "DataDirBusy",
    "DataDirUnusable",
    "DataFileCorrupt",
    "EmailNeeded",
    "HistoryFailed",
    "InLobby",
    "InputTooLong",
    "InternalError",
    "InviteOnly",
    "Kicked",
    "Killed",
    "LineTooLong",
    "ListenFailed",
    "LoginNeeded",
    "LoginUnavailable",
    "LookupFailed",
    "MarkerMissing",
    "MaskListFull",
    "MetadataForbidden",
    "MetadataFull",
    "MetadataNotSet",
    "Misbehaved",
    "MissingParameter",
    "MissingParameters",
    "NameMustBeNick",
    "NeedNick",
    "NickInUse",
    "NickOwned",
    "NickReserved",
    "NoCertificate",
    "NoHelp",
    "NoNick",
    "NoOperators",
    "NoRecipient",
    "NoSuchAccount",
    "NoSuchBan",
    "NoSuchHistory",
    "NoSuchMessage",
    "NoSuchNick",
    "NoSuchRecord",
    "NoSuchRoom",
    "NoSuchServer",
    "NoText",
    "NoVerification",
    "NotInRoom",
    "NotOperator",
    "NotRegistered",
    "NotRoomOperator",
    "NotSaved",
    "NotUtf8",
    "NotYourModes",
    "OutOfResources",
    "PasswordNeeded",
    "PingTimeout",
    "RedactForbidden",
    "Refused",
    "RegistrationClosed",
    "RegistrationTimeout",
    "RegistrationTooLong",
    "RoomExists",
    "RoomFull",
    "SaslAborted",
    "SaslFailed",
    "SaslTooLong",
    "SearchFailed",
    "SecretUnreadable",
    "ServerFailed",
    "ServerFull",
    "StoreFailed",
    "TooManyBadLines",
    "TooManyBans",
    "TooManyChanges",
    "TooManyClients",
    "TooManyFromAddress",
    "TooManyLogins",
    "TooManyMarkers",
    "TooManyRooms",
    "TooManySubscriptions",
    "TooManyTargets",
    "TooManyTries",
    "TooOftenFromAddress",
    "TopicTooLong",
    "UnknownBatch",
    "UnknownCommand",
    "UnknownMode",
    "UnknownUserMode",
    "UserInRoom",
    "UserNotInRoom",
    "VerifiedTooEarly",
    "WatchListFull",
    "WeakPassword",
    "WrongBatchTarget",
    "WrongKey",
    "WrongOperator",
    "WrongPassword",
]

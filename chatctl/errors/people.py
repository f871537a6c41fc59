"""Names of people, and what one may do with oneself."""

from __future__ import annotations

from chatctl.errors.base import Refused


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


class BadUser(Refused):
    """A user name without a usable character."""

    code = "bad-user"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} cannot be a user name; use letters, digits and ._~-")


class NoSuchRecord(Refused):
    """A nick that nobody had as far as the ledger knows."""

    code = "no-such-record"

    def __init__(self, nick: str) -> None:
        super().__init__(f"nobody is known to have been called {nick}; WHOIS tells of those who are here")
        self.about = (nick,)


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

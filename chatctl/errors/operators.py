"""Operators of the server, and what they do."""

from __future__ import annotations

from chatctl.errors.base import Refused


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

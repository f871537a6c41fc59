"""Logging in, and making an account."""

from __future__ import annotations

from chatctl.errors.base import Refused


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


class CertificateUnknown(Refused):
    """A certificate that does not open the account."""

    code = "certificate-unknown"

    def __init__(self) -> None:
        super().__init__(
            "SASL authentication failed: the account does not have your certificate; log in by password and tell"
            " NickServ CERT ADD"
        )


class NoCertificate(Refused):
    """A login by certificate on a connection that showed none."""

    code = "no-certificate"

    def __init__(self) -> None:
        super().__init__("your connection showed no certificate; connect through TLS with one, or log in by password")


class CertificateRefused(Refused):
    """A certificate that an account cannot have, or does not."""

    code = "certificate-refused"

    def __init__(self, why: str) -> None:
        super().__init__(why)


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

"""What is told about accounts: IRCv3, sasl-3.1, account-notify, draft/account-registration."""

from __future__ import annotations

import base64

from chatctl.core.commands.sasl import CHUNK
from chatctl.core.events import accounts as ev
from chatctl.core.requests.accounts import Way
from chatctl.core.user import Source
from chatctl.wire.irc import numerics
from chatctl.wire.irc.page import Out, Page, Renderers

SERVICE = "NickServ"
MADE = "Account created; you are logged in to it"


def asked(page: Page, event: ev.Asked) -> list[Out]:
    """Return AUTHENTICATE lines of 400 characters; a last one that is full is followed by ``+``."""
    text = base64.b64encode(event.data).decode()
    chunks = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    if len(text) % CHUNK == 0:
        chunks.append("+")
    return [(page.tags(page.now), f"AUTHENTICATE {chunk}") for chunk in chunks]


def mechanisms(page: Page, event: ev.Mechanisms) -> list[Out]:
    """Return RPL_SASLMECHS."""
    return [page.numeric(numerics.RPL_SASLMECHS, ",".join(event.names), "are the mechanisms that there are")]


def logged_in(page: Page, event: ev.LoggedIn) -> list[Out]:
    """Return RPL_LOGGEDIN and, for SASL, RPL_SASLSUCCESS."""
    lines = [
        page.numeric(numerics.RPL_LOGGEDIN, event.who.mask, event.account, f"You are now logged in as {event.account}")
    ]
    if event.sasl:
        lines.append(page.numeric(numerics.RPL_SASLSUCCESS, "SASL authentication successful"))
    return lines


def logged_out(page: Page, event: ev.LoggedOut) -> list[Out]:
    """Return RPL_LOGGEDOUT."""
    return [page.numeric(numerics.RPL_LOGGEDOUT, event.who.mask, "You are now logged out")]


def registered(page: Page, event: ev.Registered) -> list[Out]:
    """Return REGISTER SUCCESS, or what NickServ says."""
    if event.way is Way.SERVICE:
        return service_notice(page, ev.ServiceNotice(f"{MADE}."))
    return [page.server("REGISTER", "SUCCESS", event.account, MADE)]


def service_notice(page: Page, event: ev.ServiceNotice) -> list[Out]:
    """Return a NOTICE from NickServ."""
    return [page.user(Source(SERVICE, f"{SERVICE}@{page.info.name}"), "NOTICE", page.nick, event.text)]


def account_changed(page: Page, event: ev.AccountChanged) -> list[Out]:
    """Return ACCOUNT for account-notify."""
    if "account-notify" not in page.caps:
        return []
    return [page.user(event.who, "ACCOUNT", event.who.account or "*")]


RENDERERS: Renderers = {
    ev.Asked: asked,
    ev.Mechanisms: mechanisms,
    ev.LoggedIn: logged_in,
    ev.LoggedOut: logged_out,
    ev.Registered: registered,
    ev.ServiceNotice: service_notice,
    ev.AccountChanged: account_changed,
}

"""What only this server has."""

from __future__ import annotations

VENDOR_CAP = "chatctl.dev/session"
"""NICK ``*``, STATUS, and a goodbye that says how long the session lasted: docs/irc.md."""

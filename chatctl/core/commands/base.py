"""What every verb's function looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session

Handlers = dict[type[Any], Callable[[Chat, Session, Any, Turn], None]]
"""The function for each class of request: it checks, changes, and writes what follows into the turn."""

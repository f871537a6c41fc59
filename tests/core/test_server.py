"""Asking the server about itself."""

from __future__ import annotations

from chatctl.core.events.lookups import HelpShown
from chatctl.core.events.presence import Rejected
from chatctl.core.events.server import LimitsShown
from chatctl.core.limits import Limits
from chatctl.core.requests.server import Answer, ShowLimits
from chatctl.errors import NotRegistered


def test_what_the_wire_answers_by_itself_is_for_those_who_take_part(play):
    play.registers("ada")
    play.asks("ada", Answer(HelpShown()), ShowLimits())
    assert play.seen("ada") == [HelpShown(), LimitsShown(1, Limits())]
    play.connects("bob", wire="irc")
    play.asks("bob", Answer(HelpShown()))
    (refused,) = play.seen("bob")
    assert isinstance(refused, Rejected)
    assert isinstance(refused.error, NotRegistered)

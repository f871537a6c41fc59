"""What text sessions read of kicks, invitations and renamings."""

from __future__ import annotations

import pytest

from chatctl.core.events.rooms import Invited, Kicked, Left, RoomRenamed
from chatctl.core.user import Source
from chatctl.wire.text import TextWire

RIVER = Source("river", "r@10.0.0.1")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Kicked(RIVER, "#tea", "bob", "too \x1b[31mloud"), "* river kicked bob from #tea (too [31mloud)\n"),
        (Kicked(RIVER, "#tea", "bob"), "* river kicked bob from #tea\n"),
        (Left(RIVER, "#tea", "bye"), "* river left #tea (bye)\n"),
        (Invited(RIVER, "bob", "#tea"), "* river invites you to #tea\n"),
        (Invited(RIVER, "bob", "#tea", witness=True), ""),
        (RoomRenamed(RIVER, "#tea", "#coffee"), "* river renamed #tea to #coffee\n"),
        (RoomRenamed(RIVER, "#tea", "#coffee", "so tired"), "* river renamed #tea to #coffee (so tired)\n"),
    ],
)
def test_an_event_is_one_line(event, line):
    assert TextWire.dialect.render(event).decode() == line

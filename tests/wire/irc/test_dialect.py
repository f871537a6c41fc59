"""What no renderer has to think of: a text never begins another line."""

from __future__ import annotations

import pytest

from chatctl.core.events.presence import Departed
from chatctl.core.events.rooms import Left
from chatctl.core.user import Source
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo

WHO = Source("ada", "ada@127.0.0.1")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0"])
def test_a_text_never_begins_another_line(end):
    dialect = Dialects(ServerInfo()).speaking(frozenset())
    for event in (Departed(WHO, f"bye{end}QUIT :x"), Left(WHO, "#tea", f"bye{end}QUIT :x")):
        line = dialect.render(event)
        assert line.endswith(b"\r\n")
        assert not {0, 10, 13} & set(line[:-2])

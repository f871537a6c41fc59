from __future__ import annotations

import pytest

from chatctl.client import batches
from chatctl.client.batches import Batch, Batches, joined
from chatctl.client.sanitize import read_foreign
from chatctl.wire.irc.message import Line


def line(text: str) -> Line:
    read = read_foreign(text.encode())
    assert read is not None
    return read


def feed(found: Batches, *texts: str) -> list[tuple[Line | Batch, str]]:
    return [item for text in texts for item in found.receive(line(text))]


def test_a_line_outside_of_batches_stands_for_itself() -> None:
    assert feed(Batches(), "@label=5 :s ACK", ":s PONG x", "@batch=none :s PONG y") == [
        (line("@label=5 :s ACK"), "5"),
        (line(":s PONG x"), ""),
        (line("@batch=none :s PONG y"), ""),
    ]


@pytest.mark.parametrize("kind", sorted(batches.COLLECTED))
def test_what_means_something_as_a_whole_comes_at_its_end(kind: str) -> None:
    found = Batches()
    inside = "@batch=a :bob!u@h PRIVMSG #x hi"
    assert feed(found, f"@label=7 :s BATCH +a {kind.upper()} #x 5", inside) == []
    ((batch, label),) = feed(found, ":s BATCH -a")
    assert isinstance(batch, Batch)
    assert (batch.kind, batch.params, label, batch.items) == (kind, ("#x", "5"), "7", [line(inside)])
    assert feed(found, inside) == [(line(inside), "")]


@pytest.mark.parametrize("kind", ["labeled-response", "netsplit", "example.org/unknown"])
def test_the_lines_of_other_batches_stand_for_themselves_with_the_label(kind: str) -> None:
    found = Batches()
    inside = "@batch=a :s 311 ada bob"
    assert feed(found, f"@label=7 :s BATCH +a {kind}", inside) == [(line(inside), "7")]
    assert feed(found, ":s BATCH -a") == [(Line("ANSWERED"), "7")]
    assert feed(found, f":s BATCH +a {kind}", inside, ":s BATCH -a") == [(line(inside), "")]


def test_a_batch_within_a_collected_one_is_a_part_of_it() -> None:
    found = Batches()
    begin = ("@label=3 :s BATCH +out chathistory #x", "@batch=out :bob!u@h BATCH +in draft/multiline #x")
    lines = ("@batch=in :bob!u@h PRIVMSG #x one", "@batch=out :eve!u@h PRIVMSG #x two")
    assert feed(found, *begin, *lines, ":s BATCH -in") == []
    ((outer, label),) = feed(found, ":s BATCH -out")
    assert isinstance(outer, Batch)
    assert label == "3"
    second, inner = outer.items
    assert second == line(lines[1])
    assert isinstance(inner, Batch)
    assert (inner.kind, inner.label, inner.items) == ("draft/multiline", "3", [line(lines[0])])


def test_a_collected_batch_within_another_kind_comes_with_the_label_of_the_outer() -> None:
    found = Batches()
    feed(found, "@label=3 :s BATCH +out labeled-response", "@batch=out :s BATCH +in chathistory #x")
    ((inner, label),) = feed(found, ":s BATCH -in")
    assert isinstance(inner, Batch)
    assert label == "3"
    assert feed(found, ":s BATCH -out") == [(Line("ANSWERED"), "3")]


def test_marks_that_make_no_sense_are_passed_over() -> None:
    found = Batches()
    assert feed(found, ":s BATCH -a", ":s BATCH +a", ":s BATCH ?a x", ":s BATCH :", ":s BATCH -a") == []
    assert feed(found, ":s BATCH") == [(line(":s BATCH"), "")]


def test_only_so_many_batches_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "OPEN_LIMIT", 2)
    found = Batches()
    feed(found, "BATCH +a chathistory #x", "BATCH +b chathistory #x", "BATCH +c chathistory #x")
    assert feed(found, "@batch=c PRIVMSG #x hi") == [(line("@batch=c PRIVMSG #x hi"), "")]
    assert feed(found, "BATCH -c") == []
    assert len(feed(found, "BATCH -a", "BATCH +c chathistory #x", "BATCH -c")) == 2


def test_only_so_many_lines_of_a_batch_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LINES_LIMIT", 2)
    found = Batches()
    feed(found, "BATCH +a chathistory #x", *(f"@batch=a PRIVMSG #x {number}" for number in range(5)))
    ((batch, _),) = feed(found, "BATCH -a")
    assert isinstance(batch, Batch)
    assert [item.params[1] for item in batch.items if isinstance(item, Line)] == ["0", "1"]


def multiline(*texts: str, opening: str = "@msgid=5 :bob!u@h BATCH +a draft/multiline #x") -> Line | None:
    return joined(Batch("draft/multiline", line(opening), "", None, [line(text) for text in texts]))


def test_a_message_in_lines_is_one_with_line_breaks() -> None:
    joint = "@draft/multiline-concat PRIVMSG #x"
    assert multiline("PRIVMSG #x :one ", f"{joint} more", "PRIVMSG #x :", "PRIVMSG #x two") == Line(
        "PRIVMSG", ("#x", "one more\n\ntwo"), {"msgid": "5"}, "bob!u@h"
    )


def test_who_speaks_may_stand_in_the_first_line_only() -> None:
    found = multiline(":bob!u@h NOTICE #x hi", opening="BATCH +a draft/multiline #x")
    assert found == Line("NOTICE", ("#x", "hi"), {}, "bob!u@h")


def test_lines_that_are_no_messages_are_no_part_of_one() -> None:
    odd = ("PING x y", "TOPIC #x y", "PRIVMSG #x", "PRIVMSG #x a b", "PRIVMSG #x :\x01ACTION waves\x01")
    assert multiline(*odd) is None
    assert multiline(*odd, "PRIVMSG #x hi", *odd) == Line("PRIVMSG", ("#x", "hi"), {"msgid": "5"}, "bob!u@h")
    nested = Batch("draft/multiline", line("BATCH +b draft/multiline #x"), "", None)
    assert joined(Batch("draft/multiline", line("BATCH +a draft/multiline #x"), "", None, [nested])) is None

"""How many connections come from where."""

from __future__ import annotations

import pytest

from chatctl.core.limits import Limits
from chatctl.core.policy import Policy
from chatctl.errors import TooManyFromAddress, TooOftenFromAddress
from chatctl.transport.callers import REMEMBERED, WINDOW, Callers


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def callers_of(most=0, often=0, undecided=0, **rest):
    limits = Limits(max_per_address=most, connects_per_address=often, undecided_per_address=undecided)
    return Callers(limits, **rest)


def test_an_address_has_its_number_of_connections_and_not_one_more():
    callers = callers_of(2, 0)
    first = callers.come("10.0.0.1")
    callers.come("10.0.0.1")
    with pytest.raises(TooManyFromAddress, match="2 connections from your address; the limit is 2"):
        callers.come("10.0.0.1")
    callers.come("10.0.0.2")
    first.over()
    callers.come("10.0.0.1")


def test_an_ipv6_network_counts_as_one():
    callers = callers_of(1, 0)
    callers.come("[2001:db8::1]")
    with pytest.raises(TooManyFromAddress):
        callers.come("[2001:db8::2]")
    callers.come("[2001:db8:0:1::1]")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "[::1]"])
def test_this_machine_counts_only_where_it_is_told_to(host):
    free, held = callers_of(1, 1), callers_of(1, 1, loopback=True)
    for _ in range(3):
        free.come(host)
    free.come(host).over()
    held.come(host)
    with pytest.raises(TooManyFromAddress):
        held.come(host)


def test_new_connections_are_counted_over_ten_minutes(clock):
    callers = callers_of(0, 3, clock=clock)
    for _ in range(3):
        callers.come("10.0.0.1").over()
        clock.now += 100
    with pytest.raises(TooOftenFromAddress, match="try again in 300 seconds"):
        callers.come("10.0.0.1")
    clock.now += WINDOW - 300
    callers.come("10.0.0.1")
    with pytest.raises(TooOftenFromAddress):
        callers.come("10.0.0.1")


def test_what_was_refused_does_not_count(clock):
    callers = callers_of(1, 2, clock=clock)
    first = callers.come("10.0.0.1")
    for _ in range(5):
        with pytest.raises(TooManyFromAddress):
            callers.come("10.0.0.1")
    first.over()
    callers.come("10.0.0.1")


def test_those_that_have_shown_nothing_yet_are_counted_apart():
    callers = callers_of(undecided=2)
    first, second = callers.come("10.0.0.1"), callers.come("10.0.0.1")
    wanted = "2 connections from your address that have sent nothing yet; the limit is 2, close one first"
    with pytest.raises(TooManyFromAddress, match=wanted):
        callers.come("10.0.0.1")
    first.decided()
    first.decided()
    third = callers.come("10.0.0.1")
    with pytest.raises(TooManyFromAddress):
        callers.come("10.0.0.1")
    for one in (first, second, third):
        one.over()
    assert not callers._open
    assert not callers._undecided


def test_memory_is_bounded(clock):
    callers = callers_of(0, 1, clock=clock)
    for number in range(REMEMBERED + 1):
        callers.come(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    callers.come("10.0.0.0")
    assert len(callers._begun) == REMEMBERED


def test_a_server_refuses_the_connection_too_many_and_takes_it_when_another_is_gone(start_house, wait_until):
    house = start_house(limit_loopback=True, max_per_address=2)
    first, _ = house.enter("ada"), house.enter("river")
    third = house.connect()
    assert third.rest() == ["ERROR :2 connections from your address; the limit is 2, close one first"]
    first.close()

    def comes_in() -> bool:
        peer = house.connect()
        peer.send("")
        return peer.line().startswith("Welcome")

    wait_until(comes_in, "the slot of the one who left")


def test_silent_peers_of_one_address_are_few_until_they_say_something(start_house):
    house = start_house(limit_loopback=True, undecided_per_address=2)
    house.enter("ada")
    first, second = house.connect(), house.connect()
    third = house.connect()
    assert "that have sent nothing yet; the limit is 2" in third.rest()[0]
    first.send("")
    assert first.line().startswith("Welcome")
    house.enter("river")
    assert second.line().startswith("Welcome")


def test_a_limit_that_is_set_while_it_runs_holds_for_those_who_come(start_house):
    house = start_house(limit_loopback=True, policy=Policy(operators={"root": "sesame"}))
    root = house.connect()
    root.send("NICK root", "USER root 0 * :Root", "OPER root sesame", "SET max-per-address 2")
    root.until("max-per-address is 2")
    house.enter("ada")
    assert house.connect().rest() == ["ERROR :2 connections from your address; the limit is 2, close one first"]

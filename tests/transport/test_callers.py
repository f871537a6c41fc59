"""How many connections come from where."""

from __future__ import annotations

import pytest

from chatctl.errors import TooManyFromAddress, TooOftenFromAddress
from chatctl.transport.callers import REMEMBERED, WINDOW, Callers


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_an_address_has_its_number_of_connections_and_not_one_more():
    callers = Callers(2, 0)
    callers.come("10.0.0.1")
    callers.come("10.0.0.1")
    with pytest.raises(TooManyFromAddress, match="2 connections from your address; the limit is 2"):
        callers.come("10.0.0.1")
    callers.come("10.0.0.2")
    callers.go("10.0.0.1")
    callers.come("10.0.0.1")


def test_an_ipv6_network_counts_as_one():
    callers = Callers(1, 0)
    callers.come("[2001:db8::1]")
    with pytest.raises(TooManyFromAddress):
        callers.come("[2001:db8::2]")
    callers.come("[2001:db8:0:1::1]")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "[::1]"])
def test_this_machine_counts_only_where_it_is_told_to(host):
    free, held = Callers(1, 1), Callers(1, 1, loopback=True)
    for _ in range(3):
        free.come(host)
    free.go(host)
    held.come(host)
    with pytest.raises(TooManyFromAddress):
        held.come(host)


def test_new_connections_are_counted_over_ten_minutes(clock):
    callers = Callers(0, 3, clock=clock)
    for _ in range(3):
        callers.come("10.0.0.1")
        callers.go("10.0.0.1")
        clock.now += 100
    with pytest.raises(TooOftenFromAddress, match="try again in 300 seconds"):
        callers.come("10.0.0.1")
    clock.now += WINDOW - 300
    callers.come("10.0.0.1")
    with pytest.raises(TooOftenFromAddress):
        callers.come("10.0.0.1")


def test_what_was_refused_does_not_count(clock):
    callers = Callers(1, 2, clock=clock)
    callers.come("10.0.0.1")
    for _ in range(5):
        with pytest.raises(TooManyFromAddress):
            callers.come("10.0.0.1")
    callers.go("10.0.0.1")
    callers.come("10.0.0.1")


def test_memory_is_bounded(clock):
    callers = Callers(0, 1, clock=clock)
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

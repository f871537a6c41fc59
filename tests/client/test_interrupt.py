"""Ctrl-C in a script: an exception that cannot get lost."""

from __future__ import annotations

import select
import signal
import threading

import pytest

from chatctl.client.interrupt import interrupt


def test_what_the_interpreter_ignored_is_raised_at_the_next_look() -> None:
    with interrupt() as stop:
        stop.check()
        assert select.select([stop.waiter], [], [], 0)[0] == []
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        # As if nobody had caught it.
        assert select.select([stop.waiter], [], [], 0)[0] == [stop.waiter]
        with pytest.raises(KeyboardInterrupt):
            stop.check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_another_thread_there_are_no_signals_to_take() -> None:
    taken = []

    def work() -> None:
        with interrupt() as stop:
            stop.check()
            taken.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert taken == [signal.default_int_handler]

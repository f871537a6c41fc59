"""Before the run and around it: descriptors, the first client, private servers, worker processes."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import socket
import sys
import threading
import time

import pytest

from chatctl.stress.crew import Crew
from chatctl.stress.errors import (
    CanaryNotAdmitted,
    NotEnoughDescriptors,
    NotReachable,
    SpawnFailed,
    WorkerFailed,
)
from chatctl.stress.interrupts import interrupts
from chatctl.stress.messages import Done, Finish, Job, Progress, Ramp, Result
from chatctl.stress.options import StressOptions
from chatctl.stress.patterns import dialect
from chatctl.stress.preflight import first_client, place, raise_descriptor_limit
from chatctl.stress.spawn import private_server
from chatctl.stress.worker import work


def target(server, **options):
    return StressOptions(port=server.port, admit_timeout_s=0.2, **options)


def canary(options):
    return first_client(options, dialect(options), "stest")


def test_the_first_client_is_admitted_and_leaves_again(serving):
    server = serving("polite", 1)
    assert canary(target(server)) == (socket.AF_INET, ("127.0.0.1", server.port))
    assert (server.number, server.active) == (1, 0)


def test_a_name_with_several_addresses_is_tried_until_one_answers(serving):
    server = serving("polite")
    family, address = canary(target(server, host="localhost"))
    assert (family, address[:2]) == (socket.AF_INET, ("127.0.0.1", server.port))


def test_a_server_that_is_full_already_stops_the_run_with_its_words(serving):
    with pytest.raises(
        CanaryNotAdmitted, match=r"refused the very first client with 'ERROR :Server full.*let others leave"
    ):
        canary(target(serving("polite", 0)))


def test_another_kind_of_server_stops_the_run_with_what_it_said(serving, polite_server):
    class Mail(polite_server):
        def refuse(self, sock):
            sock.sendall(b"220 mail.example ESMTP\n")

    with pytest.raises(CanaryNotAdmitted, match=r"answered '220 mail.example ESMTP'.*--protocol line"):
        canary(target(serving(Mail, 0)))


@pytest.mark.parametrize(("kind", "what"), [("pool", "did not greet"), ("silent fin", "closed the first connection")])
def test_a_server_without_a_word_stops_the_run(serving, kind, what):
    with pytest.raises(CanaryNotAdmitted, match=f"{what}.*free slot"):
        canary(target(serving(kind, 0)))


def test_a_server_whose_backlog_is_full_does_not_answer_in_time(serving):
    server = serving("stops accepting", 0)
    with socket.socket() as first, socket.socket() as second:
        for waiting in (first, second):
            waiting.connect(("127.0.0.1", server.port))
        with pytest.raises(NotReachable, match=r"no answer within 0.2 s"):
            canary(target(server))


def test_an_unknown_name_is_not_reachable():
    with pytest.raises(NotReachable, match=r"the name 'no\.such\.host\.invalid' is not known"):
        canary(StressOptions(host="no.such.host.invalid"))


def test_an_error_of_this_machine_is_the_reason_that_is_given(serving, monkeypatch):
    def fail(_engine):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("chatctl.stress.engine.Engine.open_socket", fail)
    with pytest.raises(NotReachable, match="Too many open files"):
        canary(target(serving("polite")))


def test_an_address_of_version_six_is_written_in_brackets():
    assert place(StressOptions(host="::1", port=5)) == "[::1]:5"


@pytest.mark.parametrize(
    ("limits", "then"),
    [
        ((64, 4096), 140),
        ((64, resource.RLIM_INFINITY), 140),
        ((500, 4096), None),
        ((resource.RLIM_INFINITY,) * 2, None),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_needed(monkeypatch, limits, then):
    raised = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda which, wanted: raised.append(wanted[0]))
    raise_descriptor_limit(StressOptions(clients=50))
    assert raised == ([] if then is None else [then])


def test_too_few_descriptors_are_a_clear_stop(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda which: (64, 100))
    monkeypatch.setattr(resource, "setrlimit", lambda which, wanted: None)
    with pytest.raises(NotEnoughDescriptors, match=r"needs 140 open files and the limit is 100.*ulimit -n 140"):
        raise_descriptor_limit(StressOptions(clients=50))


def python(code):
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import sys; sys.exit('port in use')", "ended with status 1: port in use"),
        ("raise SystemExit(3)", "ended with status 3: no message"),
        ("print('hello', flush=True); input()", "first line was 'hello'"),
        ("print('{}', flush=True)", "first line was '{}'"),
    ],
)
def test_a_private_server_that_does_not_come_up_says_why(code, what):
    with pytest.raises(SpawnFailed, match=what), private_server(python(code)):
        pass


def test_a_private_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr("chatctl.stress.spawn.START_WITHIN_S", 0.1)
    with pytest.raises(SpawnFailed, match="was not up within"), private_server(python("import signal; signal.pause()")):
        pass


def test_a_private_server_that_ignores_sigterm_is_killed(monkeypatch):
    monkeypatch.setattr("chatctl.stress.spawn.STOP_WITHIN_S", 0.1)
    line = '{"addresses": ["[::1]:4711"]}'
    stubborn = (
        f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{line}', flush=True); signal.pause()"
    )
    with private_server(python(stubborn)) as where:
        assert where == ("::1", 4711)


def job(server, clients=2, **options):
    asked = StressOptions(port=server.port, clients=clients, admit_timeout_s=0.3, **options)
    return Job(
        0,
        socket.AF_INET,
        ("127.0.0.1", server.port),
        dialect(asked),
        asked,
        "stest",
        range(clients),
        time.perf_counter_ns(),
    )


@pytest.fixture
def worker():
    """A worker in a thread of this process; gives the parent's end of its pipe."""
    ours, threads = [], []

    def start(made):
        mine, theirs = multiprocessing.Pipe()
        thread = threading.Thread(target=work, args=(theirs, made))
        ours.append(mine)
        threads.append(thread)
        thread.start()
        return mine

    yield start
    for pipe in ours:
        pipe.close()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def answer(pipe, kind):
    while True:
        assert pipe.poll(10)
        heard = pipe.recv()
        if isinstance(heard, kind):
            return heard


def test_a_worker_hands_over_its_result_when_told_to_finish(serving, worker):
    pipe = worker(job(serving("polite")))
    assert answer(pipe, Progress).phase == "ready"
    pipe.send(Ramp(time.perf_counter_ns()))
    assert answer(pipe, Done) == Done(0, admitted=2, ready=2, silent=0)
    pipe.send(Finish())
    result = answer(pipe, Result)
    assert [attempt.index for attempt in result.attempts] == [0, 1]


def test_a_worker_stops_in_the_middle_of_a_phase(serving, worker):
    pipe = worker(job(serving("polite"), connect_rate=0.01))
    pipe.send(Ramp(time.perf_counter_ns()))
    while answer(pipe, Progress).attempted < 1:
        pass
    pipe.send(Finish())
    assert len(answer(pipe, Result).attempts) == 1


def test_a_worker_whose_parent_is_gone_leaves(serving, worker):
    server = serving("polite")
    pipe = worker(job(server))
    pipe.send(Ramp(time.perf_counter_ns()))
    answer(pipe, Done)
    pipe.close()
    with server.changed:
        assert server.changed.wait_for(lambda: server.active == 0, 10)


@pytest.fixture
def crew():
    with interrupts() as stop:
        made = Crew(lambda progress: None, stop)
        yield made
        made.close()


def test_a_worker_process_that_dies_is_reported(serving, crew):
    crew.start([job(serving("polite"))])
    for child in multiprocessing.active_children():
        if child.name == "stress-0":
            child.kill()
    with pytest.raises(WorkerFailed, match="ended early"):
        crew.ask_all(Ramp(0), 10)
    with pytest.raises(WorkerFailed, match="ended early"):
        while True:
            crew.tell(0, Finish())


def test_a_worker_that_does_not_answer_in_time_is_reported_and_ended(serving, crew, monkeypatch):
    monkeypatch.setattr("chatctl.stress.crew._JOIN_S", 0.0)
    crew.start([job(serving("polite"), connect_rate=0.01)])
    with pytest.raises(WorkerFailed, match="did not answer within 0 s"):
        crew.ask_all(Ramp(time.perf_counter_ns()), 0.2)


def test_a_signal_is_held_until_the_crew_looks_and_the_next_one_is_not():
    before = signal.getsignal(signal.SIGINT)
    with interrupts() as stop:
        stop.held = True
        signal.raise_signal(signal.SIGINT)
        assert stop.waiter.recv(1) == b"!"
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_signals_stay_as_they_are():
    def elsewhere():
        with interrupts():
            seen.append(signal.getsignal(signal.SIGINT))

    seen = []
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]

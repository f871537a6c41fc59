"""The hub thread: takes what waits, asks the chat, stores, and only then tells everybody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from chatctl.core.commands import logins
from chatctl.core.hub import Hub
from chatctl.core.limits import Limits
from chatctl.core.policy import Policy
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Hold, Vanish
from chatctl.core.requests.presence import Labeled as LabeledRequest
from chatctl.core.state import Beginning, Chat
from chatctl.core.turn import Turn
from chatctl.errors import BadSetting, InternalError, Misbehaved, RegistrationTooLong, StoreFailed
from chatctl.server.fanout import fan_out
from chatctl.server.queries import QueryThread
from chatctl.server.saving import Saving
from chatctl.server.unsaved import unsaved_deliveries
from chatctl.server.watch import Watch
from chatctl.store.base import Store
from chatctl.transport.complaints import Complaints
from chatctl.transport.connection import ENDED, NOT_YET, Connection
from chatctl.transport.inbox import Answered, Asked, Close, Inbox, Relimit, Stop
from chatctl.wire.base import SwitchDialect, SwitchWire

IDLE = 0.05
"""Seconds without a request after which upkeep is done, a slice at a time."""

UPKEEP_EVERY = 0.25
"""Seconds after which a slice of upkeep is done however busy the server is."""

QUIET_WAIT = 5.0
"""Seconds that the hub waits for a request when there is no upkeep to do."""

LONG_TURN = 0.0005
"""Seconds that a turn must take for the next one to gather more before it begins: the server is busy then."""

LINGER_SHARE = 0.1
"""How long it gathers, as a share of what the last turn took."""

log = logging.getLogger(__name__)


def now_ms() -> int:
    """Return the time now in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Engine:
    """Owns the chat and the store's write connection; everything reaches it through ``inbox``.

    From the hub thread it calls ``on_death`` when it failed, ``on_shutdown`` when an operator stops the server, and
    ``grant`` with other limits, to be told which of them the process can hold.
    """

    def __init__(
        self,
        limits: Limits,
        policy: Policy,
        open_store: Callable[[], Store],
        on_death: Callable[[], None],
        on_shutdown: Callable[[], None],
        grant: Callable[[Limits], Limits],
    ) -> None:
        self.inbox = Inbox()  # immutable
        self._limits = limits  # immutable
        self._policy = policy  # immutable
        self._watch = Watch(limits)  # owner: hub thread
        self._open_store = open_store  # immutable
        self._on_death = on_death  # immutable
        self._on_shutdown = on_shutdown  # immutable
        self._grant = grant  # immutable
        self._ready: Future[None] = Future()  # immutable
        self._connections: dict[int, Connection] = {}  # owner: hub thread
        self._stopping = False  # owner: hub thread
        self._sessions_ended = threading.Event()  # immutable
        self._closing = False  # owner: hub thread
        self._upkeep_due = True  # owner: hub thread
        self._accounts_due = False  # owner: hub thread
        self._linger = 0.0  # owner: hub thread
        self._next_upkeep = 0.0  # owner: hub thread
        self._complaints = Complaints(log, logging.ERROR)  # owner: hub thread
        self._thread = threading.Thread(target=self._run, name="chatctl-hub")  # immutable

    def start(self) -> None:
        """Start the thread and wait for its store; raises what opening that raises."""
        self._thread.start()
        try:
            self._ready.result()
        except BaseException:
            self._thread.join()
            raise

    def end_sessions(self, timeout: float) -> None:
        """Tell everybody that the server stops and end every session, after what came before; wait for it."""
        self.inbox.put(Stop())
        self._sessions_ended.wait(timeout)

    def stop(self) -> None:
        """Handle what still waits, close the store and join the thread; no reader is left."""
        self.inbox.put(Close())
        self._thread.join()

    def _run(self) -> None:
        try:
            store = self._open_store()
        except BaseException as error:  # noqa: BLE001 - it is raised in start()
            self._ready.set_exception(error)
            return
        self._store = store  # owner: hub thread
        self._saving = Saving(store)  # owner: hub thread
        self._queries = QueryThread(store.open_archive, self.inbox)
        numbers, markers = store.numbers, store.markers_of_all()
        beginning = Beginning(numbers.session, numbers.message, store.accounts(), store.bans(), markers)
        self._hub = Hub(Chat(self._limits, self._policy, beginning, now_ms(), self._grant))  # owner: hub thread
        self._turn = Turn(now_ms())  # owner: hub thread
        self._queries.start()
        self._ready.set_result(None)
        try:
            while not self._closing:
                self._take_turn()
        except Exception:
            log.critical("the hub thread failed", exc_info=True)
            self._on_death()
            self._abandon()
        finally:
            self._close()

    def _abandon(self) -> None:
        """End every connection without a word, until the server has stopped."""
        self._sessions_ended.set()
        for connection in self._connections.values():
            connection.outbox.abort()
        while not self._closing:
            for item in self.inbox.take(QUIET_WAIT):
                if isinstance(item, Asked):
                    item.connection.outbox.finish()
                    item.connection.outbox.abort()
                    item.connection.handled(len(item.requests))
                self._closing |= isinstance(item, Close)
            self.inbox.handled()

    def _close(self) -> None:
        self._queries.stop()
        self._save_the_rest()
        self._store.close()

    def _take_turn(self) -> None:
        items = self.inbox.take(self._patience(), self._linger)
        if items:
            begun = time.monotonic()
            self._turn = Turn(now_ms())
            for item in items:
                if isinstance(item, Asked):
                    self._handle_asked(item)
                elif isinstance(item, Answered):
                    self._handle_answered(item)
                elif isinstance(item, Relimit):
                    self._relimit(item)
                elif isinstance(item, Stop):
                    self._stopping = True
                    self._hub.stop(self._turn)
                else:
                    self._closing = True
            self._conclude(self._turn)
            self.inbox.handled()
            took = time.monotonic() - begun
            self._linger = took * LINGER_SHARE if took > LONG_TURN else 0.0
            if self._stopping:
                self._sessions_ended.set()
        if not items or time.monotonic() >= self._next_upkeep:
            self._tend()

    def _patience(self) -> float:
        return IDLE if self._upkeep_due or self._saving.pending else min(QUIET_WAIT, self._watch.wait)

    def _handle_answered(self, answered: Answered) -> None:
        connection = answered.connection
        waiting, connection.backlog = connection.backlog or [], None
        if answered.request is None:
            connection.outbox.send(answered.data)
        else:
            request, label = answered.request, answered.question.label
            waiting = [request if label is None else LabeledRequest(label, request), *waiting]
            # It was not received, so it does not count as such.
            connection.handled(-1)
        self._handle(connection, waiting)

    def _relimit(self, item: Relimit) -> None:
        """Let other limits hold; what an operator has set since the start stays."""
        chat = self._hub.chat
        try:
            chat.limits = self._grant(chat.limits.having(dict(item.changes)))
        except BadSetting as error:
            log.error("%s; the limits stay as they were", error)
            return
        for name in (name.replace("_", "-") for name, _ in item.changes):
            log.warning("%s is %s now", name, chat.limits.told(name))

    def _handle_asked(self, asked: Asked) -> None:
        connection, requests, received = asked
        if received:
            connection.received = received
        if connection.session == NOT_YET:
            self._admit(connection)
        if connection.backlog is not None:
            connection.backlog.extend(requests)
        else:
            self._handle(connection, requests)

    def _admit(self, connection: Connection) -> None:
        if self._stopping:
            self._let_go(connection)
            return
        try:
            connection.session = self._hub.arrive(
                connection.wire_name, connection.address, self._turn, not connection.registers, connection.certificate
            )
        except Misbehaved as error:
            connection.outbox.send(connection.dialect.refuse(error))
            self._let_go(connection)
            log.info("refused %s: %s", connection.address, error)
            return
        self._connections[connection.session] = connection

    def _let_go(self, connection: Connection) -> None:
        connection.session = ENDED
        connection.outbox.finish()

    def _handle(self, connection: Connection, requests: list[Request]) -> None:
        number, handle = connection.session, self._hub.handle
        for index, request in enumerate(requests):
            try:
                if isinstance(request, SwitchDialect):
                    request = self._switch_dialect(connection, request)
                elif isinstance(request, SwitchWire):
                    number = self._switch_wire(connection, request)
                    continue
                handle(number, request, self._turn)
            except Exception:
                log.exception("handling a %s of session %d failed", type(request).__name__, number)
                handle(number, Expel(InternalError()), self._turn)
            questions = self._turn.questions
            if questions and questions[-1].session == number:
                # What came after the question is handled after the answer.
                connection.backlog = requests[index + 1 :]
                connection.handled(index + 1)
                return
        connection.handled(len(requests))
        if number in self._hub.chat.unregistered:
            self._check_registration(connection)

    def _check_registration(self, connection: Connection) -> None:
        """End the session of a client that sends much and does not tell its name."""
        limits, lines = self._hub.chat.limits, connection.handled_count
        if connection.received > limits.registration_bytes:
            error = RegistrationTooLong(f"{connection.received} bytes", str(limits.registration_bytes))
        elif lines > limits.registration_lines:
            error = RegistrationTooLong(f"{lines} lines", str(limits.registration_lines))
        else:
            return
        self._hub.handle(connection.session, Expel(error), self._turn)

    def _switch_wire(self, connection: Connection, request: SwitchWire) -> int:
        """End the connection's session and begin another; return its number."""
        before = connection.session
        # What came before in the turn may have ended it already.
        if before in self._hub.chat.sessions:
            self._hub.handle(before, Vanish("switched to irc"), self._turn)
            # It is the session that ends, not the connection.
            self._turn.dismissed.remove(before)
            del self._connections[before]
            connection.dialect = request.dialect
            self._admit(connection)
        return connection.session

    def _switch_dialect(self, connection: Connection, request: SwitchDialect) -> Request:
        """Have what came before told in the old dialect, and what comes now in the new one."""
        self._conclude(self._turn)
        self._turn = Turn(now_ms())
        connection.dialect = request.dialect
        return Hold(request.event)

    def _conclude(self, turn: Turn) -> None:
        """Store what the turn says, and only then deliver it."""
        if self._saving.needed(turn):
            if not self._saving.commit(turn):
                turn.deliveries = unsaved_deliveries(turn.deliveries, turn.changes)
                self._accounts_due |= bool(turn.changes)
                self._next_upkeep = 0.0
            self._upkeep_due = True
        for connection, data in fan_out(turn.deliveries, self._connections, turn.now):
            connection.outbox.send(data)
        for question in turn.questions:
            asker = self._connections.get(question.session)
            if asker is not None:
                self._queries.ask(asker, question)
        for number in turn.dismissed:
            self._let_go(self._connections.pop(number))
        for note in turn.notes:
            log.warning("%s", note)
        if turn.shutdown:
            self._on_shutdown()

    def _save_the_rest(self) -> None:
        """Try again to write the ledger rows that an earlier commit could not."""
        if self._saving.pending:
            self._saving.commit(Turn(now_ms()))

    def _tend(self) -> None:
        self._next_upkeep = time.monotonic() + UPKEEP_EVERY
        self._look_around()
        self._save_the_rest()
        try:
            self._learn_accounts()
            self._upkeep_due = self._store.tend(now_ms())
        except StoreFailed as error:
            self._complaints.tell("%s", error)

    def _look_around(self) -> None:
        turn = Turn(now_ms())
        self._watch.look(self._hub, self._connections, turn)
        if turn.deliveries or turn.dismissed:
            self._conclude(turn)

    def _learn_accounts(self) -> None:
        """Let the chat know what somebody else changed in the store, or what could not be stored."""
        self._accounts_due |= self._store.changed_outside()
        if self._accounts_due:
            turn = Turn(now_ms())
            logins.learn(self._hub.chat, self._store.accounts(), turn)
            self._accounts_due = False
            self._conclude(turn)

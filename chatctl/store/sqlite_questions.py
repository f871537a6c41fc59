"""The store in a SQLite file: the questions of its reading side, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chatctl.core.history import Id, Mark, Page, Wanted
from chatctl.core.names import fold
from chatctl.core.records import EVENTS
from chatctl.store.schema import INDEXED

_COLUMNS = (
    "m.id, m.at, m.target, m.recipient, m.sender, m.nick, m.kind, m.text,"
    " m.user, m.account, m.recipient_account, m.tags"
)
_SESSION_COLUMNS = "id, nick, address, wire, connected, disconnected, reason, user, realname, account"
_NO_EVENT = "n.kind NOT IN ({})".format(", ".join(f"'{kind}'" for kind in sorted(EVENTS)))
_AMONG = "room IN (SELECT value FROM json_each(:logs))"

ONE = f"SELECT {_COLUMNS} FROM messages AS m WHERE m.id = :id"  # noqa: S608
PAST = f"""
    SELECT {_SESSION_COLUMNS} FROM sessions
    WHERE disconnected IS NOT NULL ORDER BY id DESC LIMIT coalesce(:count, -1)
"""  # noqa: S608
WHOWAS = f"""
    SELECT {_SESSION_COLUMNS} FROM sessions
    WHERE lower(nick) = :nick AND disconnected IS NOT NULL ORDER BY id DESC LIMIT coalesce(:count, -1)
"""  # noqa: S608
TAIL_TABLE = "CREATE VIRTUAL TABLE temp.tail USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2')"
# What is not indexed yet is looked through row by row.
TAIL_FILL = f"""
    INSERT INTO temp.tail (rowid, text)
    SELECT id, text FROM messages
    WHERE id > {INDEXED} AND id IN (SELECT id FROM message_log WHERE id > {INDEXED} AND {_AMONG})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Bounds:
    """Conditions on what has an ``id`` and an ``at``, each after an AND, and the values that they name."""

    sql: str
    values: Mapping[str, object]


def between(after: Mark | None, before: Mark | None) -> Bounds:
    """Return the conditions of what lies strictly between two marks."""
    marks = (("after", ">", after), ("before", "<", before))
    sql = [f" AND {_column(mark)} {sign} :{name}" for name, sign, mark in marks if mark is not None]
    return Bounds("".join(sql), {name: _value(mark) for name, _, mark in marks if mark is not None})


def matching(wanted: Wanted) -> Bounds:
    """Return the conditions of what is wanted, its words apart."""
    bounds = between(wanted.after, wanted.before)
    by = " AND lower(n.nick) = :sender" if wanted.sender else ""
    sender = {"sender": fold(wanted.sender)} if wanted.sender else {}
    return Bounds(bounds.sql + _said(by), {**bounds.values, **sender})


def lying(page: Page) -> Bounds:
    """Return the conditions of what may be on a page."""
    bounds = between(page.after, page.before)
    return bounds if page.events else Bounds(bounds.sql + _said(), bounds.values)


def _said(by: str = "") -> str:
    return f" AND EXISTS (SELECT 1 FROM messages AS n WHERE n.id = l.id AND {_NO_EVENT}{by})"  # noqa: S608


def page(bounds: Bounds, newest: bool) -> str:
    """Return the SQL for the newest or the oldest messages of a log."""
    order = "DESC" if newest else "ASC"
    return f"""
        SELECT {_COLUMNS} FROM messages AS m WHERE m.id IN (
            SELECT id FROM (
                SELECT * FROM (
                    SELECT id FROM room_log AS l WHERE room = :log{bounds.sql} ORDER BY id {order} LIMIT :count
                )
                UNION ALL
                SELECT * FROM (
                    SELECT id FROM message_log AS l WHERE id > {INDEXED} AND room = :log{bounds.sql}
                    ORDER BY id {order} LIMIT :count
                )
            ) ORDER BY id {order} LIMIT :count
        ) ORDER BY m.id
    """  # noqa: S608


def search(bounds: Bounds) -> str:
    """Return the SQL for the newest messages of some logs that hold some words."""
    return f"""
        SELECT {_COLUMNS} FROM messages AS m WHERE m.id IN (
            SELECT id FROM (
                SELECT * FROM (
                    SELECT l.id FROM message_words AS w CROSS JOIN messages AS l ON l.id = w.rowid
                    WHERE message_words MATCH :words
                    AND EXISTS (SELECT 1 FROM room_log AS r WHERE r.id = w.rowid AND r.{_AMONG}){bounds.sql}
                    ORDER BY w.rowid DESC LIMIT :count
                )
                UNION ALL
                SELECT * FROM (
                    SELECT l.id FROM temp.tail AS w CROSS JOIN messages AS l ON l.id = w.rowid
                    WHERE tail MATCH :words{bounds.sql}
                    ORDER BY w.rowid DESC LIMIT :count
                )
            ) ORDER BY id DESC LIMIT :count
        ) ORDER BY m.id
    """  # noqa: S608


def conversations(bounds: Bounds) -> str:
    """Return the SQL for the private logs of somebody and when the newest message of each was said."""
    return f"""
        SELECT substr(room, :length + 1), at FROM (
            SELECT room, max(id) AS id, at FROM (
                SELECT room, id, at FROM room_log WHERE room > :first AND room < :beyond
                UNION ALL
                SELECT room, id, at FROM message_log WHERE id > {INDEXED} AND room > :first AND room < :beyond
            ) GROUP BY room
        ) WHERE true{bounds.sql} ORDER BY at, id LIMIT :count
    """  # noqa: S608


def _column(mark: Mark) -> str:
    return "id" if isinstance(mark, Id) else "at"


def _value(mark: Mark) -> int:
    return mark.message if isinstance(mark, Id) else mark.ms

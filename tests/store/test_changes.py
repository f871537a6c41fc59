"""Accounts, bans, read markers and redaction: what every store keeps beside messages and sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatctl.core.history import PrivateLog, RoomLog, Wanted
from chatctl.core.records import (
    AccountAdded,
    AccountChanged,
    AccountRemoved,
    Ban,
    BanLifted,
    BanSet,
    CertificateAdded,
    CertificateRemoved,
    Marker,
    MarkerMoved,
    Redacted,
)
from chatctl.errors import StoreFailed
from chatctl.store.sqlite import SqliteStore

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def look(sqlite):
    """Ask the data file something with the store's own connection."""
    return lambda sql: sqlite.store._connection.execute(sql).fetchall()


def consistent(shelf):
    """Tell whether the search index holds the words of all messages and of no others."""
    shelf.tidy()
    shelf.store._connection.execute("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
    return True


def test_a_new_store_knows_nobody(shelf):
    assert shelf.store.accounts() == shelf.store.bans() == shelf.archive.markers("ada") == ()
    assert shelf.archive.credentials("ada") is None
    assert not shelf.store.changed_outside()


class TestAccounts:
    def test_they_are_given_back_as_they_were_in_the_order_of_names(self, shelf, account):
        river, ada = account("River", email="r@example.org", shared=False), account("ada")
        shelf.keep(AccountAdded(*river), AccountAdded(*ada))
        assert shelf.store.accounts() == (ada[0], river[0])
        assert shelf.archive.credentials("rIVER") == river
        assert shelf.archive.credentials("lake") is None

    def test_they_have_certificates_in_order_and_no_two_have_the_same(self, shelf, account):
        ada, bob = account("Ada"), account("bob")
        shelf.keep(AccountAdded(*ada), AccountAdded(*bob), CertificateAdded("ADA", "2e"), CertificateAdded("ada", "1f"))
        shelf.keep(CertificateAdded("bob", "2e"), CertificateAdded("bob", "3d"), CertificateAdded("nobody", "4c"))
        assert [one.certificates for one in shelf.store.accounts()] == [("1f", "2e"), ("3d",)]
        assert shelf.archive.credentials("ada")[0].certificates == ("1f", "2e")
        shelf.keep(CertificateRemoved("aDa", "2e"), CertificateRemoved("ada", "3d"), CertificateRemoved("nobody", "1f"))
        assert [one.certificates for one in shelf.store.accounts()] == [("1f",), ("3d",)]

    def test_a_change_of_the_rest_leaves_the_certificates(self, shelf, account):
        ada = account("ada")
        shelf.keep(AccountAdded(*ada), CertificateAdded("ada", "1f"))
        shelf.keep(AccountChanged(replace(ada[0], shared=False)))
        assert shelf.store.accounts() == (replace(ada[0], shared=False, certificates=("1f",)),)

    def test_the_next_of_that_name_has_none(self, shelf, account):
        ada = account("ada")
        shelf.keep(AccountAdded(*ada), CertificateAdded("ada", "1f"), AccountRemoved("ADA"), AccountAdded(*ada))
        assert shelf.store.accounts() == (ada[0],)
        shelf.keep(CertificateAdded("ada", "1f"))
        assert shelf.store.accounts()[0].certificates == ("1f",)

    def test_one_that_exists_is_left_as_it_is(self, shelf, account):
        first = account("Ada", "first")
        shelf.keep(AccountAdded(*first))
        shelf.keep(AccountAdded(*account("ADA", "second")))
        assert shelf.store.accounts() == (first[0],)
        assert shelf.archive.credentials("ada") == first

    def test_its_properties_and_its_credentials_may_change(self, shelf, account):
        ada, credentials = account("Ada")
        other = replace(ada, email="ada@example.org", shared=False)
        shelf.keep(AccountAdded(ada, credentials), AccountChanged(other))
        assert shelf.archive.credentials("ada") == (other, credentials)
        shelf.keep(AccountChanged(*account("ADA", "new")))
        assert shelf.archive.credentials("ada") == account("ADA", "new")

    def test_one_that_is_not_there_is_neither_changed_nor_removed(self, shelf, account):
        shelf.keep(AccountChanged(*account("ada")), AccountRemoved("ada"))
        assert shelf.store.accounts() == ()

    def test_a_removed_one_takes_its_markers_with_it(self, shelf, account):
        for name in ("ada", "river"):
            shelf.keep(AccountAdded(*account(name)), MarkerMoved(Marker(name, "#lobby", 5)))
        shelf.keep(AccountRemoved("ADA"))
        assert shelf.store.accounts() == (account("river")[0],)
        assert shelf.archive.credentials("ada") is None
        assert shelf.archive.markers("ada") == ()
        assert shelf.archive.markers("river") == (Marker("river", "#lobby", 5),)

    def test_the_private_messages_of_a_removed_one_are_nobody_s(self, stored, account, message):
        between = {"recipient": 2, "target": "bob", "account": "Ada", "recipient_account": "bob"}
        back = {
            "recipient": 1,
            "target": "ada",
            "nick": "bob",
            "account": "bob",
            "recipient_account": "Ada",
            "sender": 2,
        }
        shelf = stored(
            message(1, **between),
            message(2, **back),
            message(3, account="Ada"),
            message(4, **between),
            message(5, **back),
        )
        shelf.keep(AccountAdded(*account("Ada")), AccountRemoved("aDA"), AccountAdded(*account("ada", "another")))
        for _ in range(2):
            assert shelf.read(PrivateLog("ada", "bob")) == ()
            assert shelf.archive.conversations("ada", None, None, 9) == ()
            assert [one.id for one in shelf.read(PrivateLog("bob", "ada"))] == [1, 2, 4, 5]
            assert {(one.account, one.recipient_account) for one in shelf.read(PrivateLog("bob", "ada"))} == {
                ("", "bob"),
                ("bob", ""),
            }
            assert shelf.texts() == ["line 3"]
            shelf.tidy()

    def test_the_order_of_changes_counts(self, shelf, account):
        shelf.keep(AccountAdded(*account("ada", "old")), AccountRemoved("Ada"), AccountAdded(*account("Ada", "new")))
        assert shelf.archive.credentials("ada") == account("Ada", "new")


class TestMarkers:
    def test_the_last_of_each_target_counts_whatever_the_case(self, shelf):
        for marker in (Marker("Ada", "#Tea", 5), Marker("ada", "bob", 6), Marker("ADA", "#tea", 4)):
            shelf.keep(MarkerMoved(marker))
        assert shelf.archive.markers("aDA") == (Marker("ada", "#tea", 4), Marker("ada", "bob", 6))
        assert shelf.archive.markers("bob") == ()


class TestBans:
    def test_they_are_given_back_in_the_order_of_time_even_when_over(self, shelf):
        later, earlier = Ban("10.0.0.0/8", "noise", "ada", 9), Ban("*@b", "", "bob", 3, until=4)
        shelf.keep(BanSet(later), BanSet(earlier))
        assert shelf.store.bans() == (earlier, later)

    def test_one_replaces_the_one_with_its_mask(self, shelf):
        shelf.keep(BanSet(Ban("*@b", "old", "ada", 1, until=5)))
        shelf.keep(BanSet(Ban("*@b", "new", "bob", 2)), BanSet(Ban("*@B", "", "bob", 3)))
        assert shelf.store.bans() == (Ban("*@b", "new", "bob", 2), Ban("*@B", "", "bob", 3))

    def test_they_are_lifted_by_their_mask(self, shelf):
        shelf.keep(BanSet(Ban("*@b", "", "ada", 1)), BanSet(Ban("*@c", "", "ada", 1)))
        shelf.keep(BanLifted("*@b"), BanLifted("*@unknown"))
        assert shelf.store.bans() == (Ban("*@c", "", "ada", 1),)


class TestRedaction:
    def test_the_message_is_nowhere_and_its_neighbours_stay(self, stored, message):
        shelf = stored(*(message(number, f"tea {number}") for number in range(1, 5)))
        for number in (1, 3, 4):
            shelf.keep(Redacted(number))
            assert shelf.archive.message(number) is None
        assert shelf.texts() == shelf.found("tea") == shelf.found("") == ["tea 2"]
        assert shelf.found("1") == []
        shelf.keep(message(5, "tea 5"))
        shelf.tidy()
        assert shelf.texts() == shelf.found("tea") == ["tea 2", "tea 5"]

    def test_a_private_one_is_gone_from_both_sides(self, stored, message):
        shelf = stored(message(1, "tea", target="bob", recipient=2))
        shelf.keep(Redacted(1))
        for log in (PrivateLog("*1", "bob"), PrivateLog("*2", "ada")):
            assert shelf.read(log) == shelf.archive.search([log], Wanted("tea")) == ()
        assert shelf.archive.conversations("*1", None, None, 9) == ()

    def test_one_of_the_same_commit_is_gone_too(self, shelf, message):
        shelf.keep(message(1), message(2), Redacted(2))
        assert shelf.texts() == ["line 1"]

    def test_an_unknown_number_changes_nothing(self, stored, message):
        shelf = stored(message(1), message(2))
        shelf.keep(Redacted(3), Redacted(0), Redacted(1), Redacted(1))
        assert shelf.texts() == ["line 2"]

    @pytest.mark.parametrize("tended", [False, True])
    @pytest.mark.parametrize("gone", [(1,), (3,), (2, 3), (1, 2, 3)])
    def test_nothing_is_left_in_the_file(self, sqlite, message, look, tended, gone):
        sqlite.keep(message(1, "tea"), message(2, "tea", target="bob", recipient=2), message(3, "", kind="tags"))
        if tended:
            sqlite.tidy()
        sqlite.keep(*map(Redacted, gone))
        assert consistent(sqlite)
        left = [(number,) for number in (1, 2, 3) if number not in gone]
        assert look("SELECT id FROM messages") == look("SELECT DISTINCT id FROM room_log ORDER BY id") == left
        texts = [number for number in left if number != (3,)]
        assert look("SELECT rowid FROM message_words WHERE message_words MATCH 'tea'") == texts

    @pytest.mark.parametrize("tended", [False, True])
    def test_the_highest_number_is_remembered(self, opens, path, message, tended):
        shelf = opens(SqliteStore(path))
        shelf.keep(message(41), message(42))
        if tended:
            shelf.tidy()
        shelf.keep(Redacted(42), Redacted(1000))
        shelf.close()
        again = opens(SqliteStore(path))
        assert again.store.numbers.message == 42
        again.keep(message(43, "tea"))
        assert consistent(again)
        assert again.found("tea") == ["tea"]

    def test_the_rest_is_forgotten_in_its_time(self, sqlite, message, now, look):
        sqlite.keep(*(message(number, "tea") for number in range(1, 10)))
        sqlite.tidy()
        sqlite.keep(Redacted(4), message(10, "tea"), Redacted(10))
        sqlite.tidy(now + 1000 * DAY)
        assert consistent(sqlite)
        assert look("SELECT id FROM messages UNION ALL SELECT id FROM room_log") == []


class TestWhatFails:
    def test_nothing_of_a_commit_that_fails_is_kept(self, sqlite, message, entry, account, now):
        sqlite.keep(message(1), message(2), BanSet(Ban("*@b", "", "ada", 1)))
        sqlite.tidy()
        bad = BanSet(Ban("*@c", None, "ada", 1))  # the file takes no ban without a reason
        changes = (Redacted(1), AccountAdded(*account("ada")), BanLifted("*@b"), MarkerMoved(Marker("a", "b", 1)), bad)
        with pytest.raises(StoreFailed, match=r"^the data file cannot be written: NOT NULL"):
            sqlite.keep(message(3), entry(1, now, "quit"), *changes)
        assert sqlite.texts() == sqlite.found("line") == ["line 1", "line 2"]
        assert sqlite.past() == []
        assert sqlite.store.accounts() == sqlite.archive.markers("a") == ()
        assert sqlite.store.bans() == (Ban("*@b", "", "ada", 1),)
        assert consistent(sqlite)

    def test_what_cannot_be_read_is_said(self, sqlite):
        for table in ("accounts", "bans", "markers", "sessions", "messages"):
            sqlite.store._connection.execute(f"DROP TABLE {table}")
        archive = sqlite.archive
        readings = (
            sqlite.store.accounts,
            sqlite.store.bans,
            lambda: archive.credentials("ada"),
            lambda: archive.markers("ada"),
            lambda: archive.whowas("ada", 1),
            lambda: archive.message(1),
            lambda: archive.latest("#lobby"),
            lambda: archive.conversations("*1", None, None, 1),
            lambda: archive.search([RoomLog("#lobby")], Wanted()),
        )
        for reading in readings:
            with pytest.raises(StoreFailed, match=r"^the data file cannot be read: "):
                reading()


def test_what_was_kept_outlasts_the_server(opens, path, account):
    shelf = opens(SqliteStore(path))
    ban, marker = Ban("*@b", "noise", "ada", 1, until=2), Marker("ada", "#tea", 7)
    shelf.keep(AccountAdded(*account("Ada")), BanSet(ban), MarkerMoved(marker))
    shelf.close()
    again = opens(SqliteStore(path))
    assert again.store.accounts() == (account("Ada")[0],)
    assert (again.store.bans(), again.archive.markers("ada")) == ((ban,), (marker,))


def test_the_markers_of_all_accounts_come_in_order(keeps):
    shelf = keeps()
    for marker in (Marker("bob", "#tea", 3), Marker("Ada", "#tea", 2), Marker("ada", "#Cake", 1)):
        shelf.store.commit((), (), [MarkerMoved(marker)])
    assert shelf.store.markers_of_all() == (
        Marker("ada", "#cake", 1),
        Marker("ada", "#tea", 2),
        Marker("bob", "#tea", 3),
    )

"""What lasts: messages and the session ledger, in memory or in a SQLite file."""

"""IRC: Modern IRC and IRCv3."""

"""Passwords: how they are kept, how they are checked, and the SCRAM exchange."""

"""chatctl: a chat server and toolbox that tells you what it holds."""

__version__ = "0.1.0"

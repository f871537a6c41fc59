"""The chat server, as a command and as a library."""

from chatctl.server.app import ChatServer
from chatctl.server.options import ReaderThreads, ServeOptions

__all__ = ["ChatServer", "ReaderThreads", "ServeOptions"]

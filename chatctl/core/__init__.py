"""The chat itself: who is here, what may be said, who hears it; no sockets, threads, clock or SQL."""

"""HTTP on the same port: a request that becomes a WebSocket, and the few that do not."""

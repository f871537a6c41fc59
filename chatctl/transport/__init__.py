"""The sockets and the threads that read and write them."""

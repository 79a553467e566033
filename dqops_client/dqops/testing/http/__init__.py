"""Requests and responses: as objects, over a socket, and in this process."""

"""The HTTP library: its clients, one request within a deadline, its failures."""

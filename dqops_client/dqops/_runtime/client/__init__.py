"""Clients: their settings, copies and views, and the connections that they keep."""

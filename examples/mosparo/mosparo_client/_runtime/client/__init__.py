# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""Clients: their settings, copies and views, and the connections that they keep."""

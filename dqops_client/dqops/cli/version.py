"""The version, which is too slow to look up in the metadata of the distribution."""

__all__ = ["VERSION"]

VERSION = "0.1.0"

"""URLs as users write them."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["extract_base_url"]


def extract_base_url(url: str) -> str:
    """Keep scheme and host of a URL, as copied from a browser.

    Args:
        url: The URL.

    Returns:
        The URL of the server with a slash at its end.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else f"{url.partition('/')[0]}/"

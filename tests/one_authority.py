"""A plugin of pytest that lets all tests trust one public authority instead of all.

Each HTTP client that is made reads them, which takes 20 ms of processor time: longer than most
tests. No test meets a certificate of theirs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

END = "-----END CERTIFICATE-----\n"


@pytest.fixture(autouse=True, scope="session")
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Name a file with the first of the authorities by the variable that httpx looks at."""
    first, _, _ = Path(certifi.where()).read_text(encoding="utf-8").partition(END)
    path = tmp_path_factory.mktemp("authorities") / "one.pem"
    path.write_text(first + END, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(path))
        yield

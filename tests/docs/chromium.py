"""Chromium without a window, told what to do over a pipe by its DevTools protocol."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

BROWSER = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
SECONDS = 60.0


class Page:
    """A page of the browser.

    Attributes:
        requests: The URLs of all requests so far.
    """

    def __init__(self, commands: int, messages: int) -> None:
        self.requests: list[str] = []
        self._commands = commands
        self._messages = messages
        self._number = 0
        self._unread = b""
        self._session = ""
        target = self.do("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.do("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, and wait for its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        ends = time.monotonic() + SECONDS
        while True:
            found = self._next(ends)
            if found.get("id") == self._number:
                assert "error" not in found, found
                result: dict[str, Any] = found["result"]
                return result

    def open(self, url: str) -> Self:
        """Go to a page, and wait until it is loaded."""
        self.do("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank'")
        self.do("Page.navigate", url=url)
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'")
        return self

    def resize(self, width: int, height: int = 900) -> None:
        """Give the page a size in pixels."""
        self.do(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """Let the reader prefer `dark` or `light` pages."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.do("Emulation.setEmulatedMedia", features=[feature])

    def run(self, script: str) -> Any:
        """Run JavaScript as if the reader had done it, and give its value."""
        found = self.do(
            "Runtime.evaluate",
            expression=script, awaitPromise=True, returnByValue=True, userGesture=True,
        )  # fmt: skip
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, condition: str) -> Any:
        """Wait until JavaScript gives something true, and give that."""
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            value = self.run(condition)
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"it never was: {condition}")

    def type(self, text: str) -> None:
        """Type a text where the cursor is."""
        self.do("Input.insertText", text=text)

    def picture(self, path: Path) -> None:
        """Write what is to be seen as a PNG."""
        path.write_bytes(base64.b64decode(self.do("Page.captureScreenshot")["data"]))

    def _next(self, ends: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            left = ends - time.monotonic()
            assert left > 0, "the browser does not respond"
            if select.select([self._messages], [], [], left)[0]:
                read = os.read(self._messages, 1 << 20)
                assert read, "the browser has ended"
                self._unread += read
        message, _, self._unread = self._unread.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        if found.get("method") == "Network.requestWillBeSent":
            self.requests.append(found["params"]["request"]["url"])
        return found


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """Start the browser.

    Args:
        folder: Where it keeps what it needs.
    """
    assert BROWSER is not None
    their_commands, commands = os.pipe()
    messages, their_messages = os.pipe()
    # The browser reads from descriptor 3 and writes to 4; a shell puts the pipes there.
    options = (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--remote-debugging-pipe", f"--user-data-dir={folder}",
    )  # fmt: skip
    process = subprocess.Popen(
        [
            "bash",
            "-c",
            f'exec "$0" "$@" 3<&{their_commands} 4>&{their_messages}',
            BROWSER,
            *options,
        ],
        pass_fds=(their_commands, their_messages),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(their_commands)
    os.close(their_messages)
    try:
        yield Page(commands, messages)
    finally:
        process.terminate()
        process.wait(SECONDS)
        os.close(commands)
        os.close(messages)

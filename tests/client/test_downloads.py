"""Files and tables: whole, or piece by piece in little memory; sync and async alike."""

from __future__ import annotations

import asyncio
import gc
import stat
import sys
import time
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from dqops.client import Client
from dqops.client.api.dictionaries import download_dictionary
from dqops.client.api.environment import download_logs
from dqops.client.errors import InvalidRequest, NotFound, TransportFailure
from support.platforms import not_on_windows
from werkzeug import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dqops.client.downloads import AsyncDownload, Download
    from pytest_httpserver import HTTPServer

LOGS = "/api/logs/download"
MEGABYTE = 1_000_000


@pytest.fixture
def client(httpserver: HTTPServer) -> Iterator[Client]:
    """A client of the server."""
    with Client(httpserver.url_for("/")) as opened:
        yield opened


def path_of(module: Any) -> str:
    """Read the path of an operation."""
    path: str = module._OPERATION.path
    return path.replace("{dictionaryName}", "countries.csv")


def save(client: Client, path: Path, module: Any, *arguments: str) -> Path:
    """Save a download, synchronously."""
    with module.stream(*arguments, client=client) as download:
        saved: Path = download.save_to(path, 20_000)
        return saved


def save_async(client: Client, path: Path, module: Any, *arguments: str) -> Path:
    """Save a download, asynchronously."""

    async def run() -> Path:
        async with client, module.asyncio_stream(*arguments, client=client) as download:
            saved: Path = await download.save_to(path, 20_000)
            return saved

    return asyncio.run(run())


def offer(httpserver: HTTPServer, name: str) -> None:
    """Let the server suggest a name for a download."""
    httpserver.expect_request(path_of(download_logs)).respond_with_data(
        b"new", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@pytest.fixture(name="save")
def save_in_mode(mode: str) -> Callable[..., Path]:
    """A function that saves a download."""
    return save if mode == "sync" else save_async


def test_whole_file_has_content_name_and_type(httpserver: HTTPServer, client: Client) -> None:
    """`sync` gives a `File` with what the headers tell of it."""
    httpserver.expect_request(path_of(download_logs)).respond_with_data(
        b"PK\x00\xff",
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="logs.zip"'},
    )
    file = download_logs.sync(client=client)
    assert file is not None
    assert (b"PK\x00\xff", "logs.zip", "application/zip") == (
        file.payload.read(),
        file.file_name,
        file.mime_type,
    )


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=plain.csv", "plain.csv"),
        ('attachment; filename="with space.csv"', "with space.csv"),
        ("attachment; filename*=UTF-8''%C3%BCber.csv", "\u00fcber.csv"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\a.csv"', "a.csv"),
        ('attachment; filename=".."', None),
        (f'attachment; filename="{"x" * 300}.csv"', f"{'x' * 196}.csv"),
        (f'attachment; filename="{"x" * 300}"', "x" * 200),
        (f'attachment; filename="a.{"x" * 300}"', f"a.{'x' * 198}"),
        (f"attachment; filename*=UTF-8''{'%C3%BC' * 150}.csv", f"{chr(0xFC) * 98}.csv"),
        (f"attachment; filename*=UTF-8''{'%F0%9F%98%80' * 99}.csv", f"{chr(0x1F600) * 49}.csv"),
        (f'attachment; filename="{"x" * 199}. . ."', "x" * 199),
        # Windows
        ('attachment; filename="C:evil.exe"', "C_evil.exe"),
        ('attachment; filename="C:"', "C_"),
        ('attachment; filename="a.txt:stream"', "a.txt_stream"),
        ('attachment; filename="a<b>|?*.txt"', "a_b____.txt"),
        ('attachment; filename="CON"', "_CON"),
        ('attachment; filename="nul.txt"', "_nul.txt"),
        ('attachment; filename="COM1.tar.gz"', "_COM1.tar.gz"),
        ('attachment; filename="LPT9 .log"', "_LPT9 .log"),
        ("attachment; filename*=UTF-8''com%C2%B9", "_com\u00b9"),
        ('attachment; filename="CONTROL.txt"', "CONTROL.txt"),
        ('attachment; filename="x. "', "x"),
        ('attachment; filename="x..."', "x"),
        # Hidden files
        ('attachment; filename=".bashrc"', "bashrc"),
        ('attachment; filename="/home/me/.ssh"', "ssh"),
        ('attachment; filename=". ."', None),
        ('attachment; filename="::"', None),
        ('attachment; filename="a\x07b"', None),
        ("attachment; filename*=UTF-8''%E2%80%AEgpj.exe", None),
        ("attachment", None),
        ("", None),
    ],
)
def test_file_name_never_leads_elsewhere(
    header: str, name: str | None, httpserver: HTTPServer, client: Client
) -> None:
    """Only the last part of a suggested name counts, whatever a server suggests."""
    httpserver.expect_request(path_of(download_logs)).respond_with_data(
        b"x", headers={"Content-Disposition": header} if header else {}
    )
    file = download_logs.sync(client=client)
    assert file is not None
    assert name == file.file_name


def test_download_is_saved_under_the_suggested_name(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """A folder gets the file under the server's name for it; the content is complete."""
    content = bytes(range(256)) * 100
    httpserver.expect_request(path_of(download_dictionary)).respond_with_data(
        content,
        content_type="text/csv",
        headers={"Content-Disposition": "attachment; filename=countries.csv"},
    )
    saved = save(client, tmp_path, download_dictionary, "countries.csv")
    assert tmp_path / "countries.csv" == saved
    assert content == saved.read_bytes()
    assert [saved] == list(tmp_path.iterdir())


@pytest.mark.parametrize("is_link", [False, True])
def test_a_suggested_name_replaces_no_file(
    save: Callable[..., Path],
    httpserver: HTTPServer,
    client: Client,
    tmp_path: Path,
    is_link: bool,
) -> None:
    """A server cannot choose which file of a folder is replaced, nor one that a link leads to."""
    offer(httpserver, "logs.zip")
    folder = tmp_path / "folder"
    folder.mkdir()
    taken = folder / "logs.zip"
    old = tmp_path / "old" if is_link else taken
    old.write_bytes(b"old")
    if is_link:
        taken.symlink_to(old)

    saved = [save(client, folder, download_logs) for _ in range(2)]

    assert [folder / "logs (1).zip", folder / "logs (2).zip"] == saved
    assert [b"new", b"new", b"old"] == [each.read_bytes() for each in (*saved, old)]
    assert sorted([*saved, taken]) == sorted(folder.iterdir())


def test_a_file_of_the_suggested_name_is_replaced_on_request(
    httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """With `overwrite`, the file is replaced; of a link, the link and not what it leads to."""
    offer(httpserver, "logs.zip")
    folder = tmp_path / "folder"
    folder.mkdir()
    old = tmp_path / "old"
    old.write_bytes(b"old")
    (folder / "logs.zip").symlink_to(old)

    with download_logs.stream(client=client) as download:
        saved = download.save_to(folder, overwrite=True)

    assert (folder / "logs.zip", b"new", b"old") == (saved, saved.read_bytes(), old.read_bytes())
    assert [saved] == list(folder.iterdir())


def test_a_folder_of_the_suggested_name_is_an_error(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """The name of a folder cannot be meant for the file; nothing is written."""
    offer(httpserver, "logs.zip")
    (tmp_path / "logs.zip").mkdir()

    with pytest.raises(IsADirectoryError):
        save(client, tmp_path, download_logs)

    assert [tmp_path / "logs.zip"] == list(tmp_path.rglob("*"))


def test_a_folder_that_is_not_there(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """The error names the file that was to be written, and not the one beside it."""
    offer(httpserver, "logs.zip")
    path = tmp_path / "nowhere" / "logs.zip"

    with pytest.raises(FileNotFoundError) as caught:
        save(client, path, download_logs)

    assert str(path) == caught.value.filename


@not_on_windows("files have no modes")
def test_the_unfinished_file_has_the_final_mode(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """What was private is private on the way, too."""
    target = tmp_path / "private.zip"
    target.write_bytes(b"old")
    target.chmod(0o600)
    modes: list[int] = []

    def in_pieces(_: Any) -> Response:
        def pieces() -> Iterator[bytes]:
            yield b"x" * MEGABYTE
            found: list[Path] = []
            for _ in range(200):  # until the first bytes have arrived
                found = list(tmp_path.glob(".download-*"))
                if found and found[0].stat().st_size:
                    break
                time.sleep(0.05)
            modes.extend(stat.S_IMODE(each.stat().st_mode) for each in found)
            yield b"x"

        return Response(pieces())

    httpserver.expect_request(path_of(download_logs)).respond_with_handler(in_pieces)
    save(client, target, download_logs)

    assert [0o600, 0o600] == [*modes, stat.S_IMODE(target.stat().st_mode)]


def test_an_overlong_name_can_be_saved(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """A name that no file system takes is shortened, and keeps what tells the kind of file."""
    httpserver.expect_request(path_of(download_dictionary)).respond_with_data(
        b"x",
        content_type="text/csv",
        headers={"Content-Disposition": f"attachment; filename={'long-' * 100}name.csv"},
    )
    saved = save(client, tmp_path, download_dictionary, "countries.csv")
    assert saved.name.startswith("long-long-")
    assert saved.name.endswith(".csv")
    assert saved.read_bytes() == b"x"


def test_broken_download_leaves_what_was_there(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """A body that ends too early raises, and neither spoils the old file nor leaves a new one."""

    def cut(_: Any) -> Response:
        response = Response(b"only this", content_type="application/zip")
        response.headers["Content-Length"] = "1000"
        response.automatically_set_content_length = False
        return response

    httpserver.expect_request(path_of(download_logs)).respond_with_handler(cut)
    target = tmp_path / "logs.zip"
    target.write_bytes(b"of yesterday")
    with pytest.raises(TransportFailure, match=r"^download_logs: "):
        save(client, target, download_logs)
    assert b"of yesterday" == target.read_bytes()
    assert [target] == list(tmp_path.iterdir())


def test_missing_file_raises_even_without_raise_on_unexpected_status(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """There is nothing to stream, so a status that is no success is an exception."""
    httpserver.expect_request(path_of(download_dictionary)).respond_with_data(status=404)
    with pytest.raises(NotFound) as caught:
        save(client, tmp_path / "x", download_dictionary, "countries.csv")
    assert "download_dictionary" == caught.value.operation
    assert [] == list(tmp_path.iterdir())


def test_unsafe_name_is_refused_before_anything_is_sent(
    httpserver: HTTPServer, client: Client
) -> None:
    """Streams check their arguments as the other functions do."""
    with pytest.raises(InvalidRequest, match="nothing was sent"):
        download_dictionary.stream("..", client=client)
    assert [] == httpserver.log


def test_large_download_needs_little_memory(
    save: Callable[..., Path], httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """Forty megabytes pass through less than two."""
    piece = b"x" * MEGABYTE

    def many(_: Any) -> Response:
        return Response((piece for _ in range(40)), content_type="application/zip")

    httpserver.expect_request(path_of(download_logs)).respond_with_handler(many)
    gc.collect()
    tracemalloc.start()
    try:
        saved = save(client, tmp_path / "logs.zip", download_logs)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 40 * MEGABYTE == saved.stat().st_size
    # The server, which runs in this process too, holds one piece.
    assert peak < 4 * MEGABYTE


def test_pieces_and_lines(httpserver: HTTPServer, client: Client) -> None:
    """A table can be read in pieces of a given size, or line by line."""
    httpserver.expect_request(path_of(download_dictionary)).respond_with_data(
        b"code,name\r\nDE,Germany\n", content_type="text/csv"
    )

    def read(use: Callable[[Download], list[Any]]) -> list[Any]:
        with download_dictionary.stream("countries.csv", client=client) as download:
            assert ("text/csv", 22) == (download.media_type, download.size)
            return use(download)

    assert [b"code,name\r", b"\nDE,German"] == read(lambda each: list(each.iter_bytes(10)))[:2]
    assert ["code,name", "DE,Germany"] == read(lambda each: list(each.iter_lines()))


@pytest.mark.usefixtures("async_transport")
def test_lines_without_blocking(httpserver: HTTPServer, client: Client) -> None:
    """The asynchronous download gives the same lines."""
    httpserver.expect_request(path_of(download_dictionary)).respond_with_data(
        b"code,name\nDE,Germany\n", content_type="text/csv"
    )

    async def read() -> list[str]:
        download: AsyncDownload
        async with (
            client,
            download_dictionary.asyncio_stream("countries.csv", client=client) as download,
        ):
            return [line async for line in download.iter_lines()]

    assert ["code,name", "DE,Germany"] == asyncio.run(read())


@pytest.mark.parametrize(
    ("header", "name"),
    [
        # The standard library reads this one from 3.14 on.
        ("attachment; filename*0=a; filename*=b", "a" if sys.version_info >= (3, 14) else None),
        ("attachment; filename*=idna''%ff%41", None),
    ],
)
def test_name_that_cannot_be_read_loses_no_download(
    header: str, name: str | None, httpserver: HTTPServer, client: Client
) -> None:
    """The body is of use without a name."""
    httpserver.expect_request(path_of(download_logs)).respond_with_data(
        b"x", headers={"Content-Disposition": header}
    )
    file = download_logs.sync(client=client)
    assert file is not None
    assert (b"x", name) == (file.payload.read(), file.file_name)


@not_on_windows("files have no modes")
def test_file_keeps_its_mode_and_a_link_its_target(
    httpserver: HTTPServer, client: Client, tmp_path: Path
) -> None:
    """What was private stays private, and a link is followed rather than replaced."""
    httpserver.expect_request(path_of(download_logs)).respond_with_data(b"new")
    target = tmp_path / "private"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(target)
    save(client, link, download_logs)
    assert (b"new", 0o600, True) == (
        target.read_bytes(),
        target.stat().st_mode & 0o777,
        link.is_symlink(),
    )


def test_download_is_read_once(httpserver: HTTPServer, client: Client) -> None:
    """A second reading, or one after the block, is refused by an exception of the SDK."""
    httpserver.expect_request(path_of(download_logs)).respond_with_data(b"abc")
    with download_logs.stream(client=client) as download:
        with pytest.raises(InvalidRequest, match="chunk_size must be >= 1"):
            next(download.iter_bytes(0))
        assert [b"abc"] == list(download.iter_bytes())
        with pytest.raises(InvalidRequest, match="can be read only once"):
            list(download.iter_bytes())
    with pytest.raises(InvalidRequest, match="can be read only once"):
        list(download.iter_lines())

"""The comparison of two client packages, on tiny ones."""

from __future__ import annotations

import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from clientsmith.errors import PipelineError
from comparing.clients import find_interpreter, find_root
from comparing.official import main

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "__init__.py": "",
    "client/__init__.py": "",
    "client/types.py": """\
        class Unset:
            pass

        UNSET = Unset()
        """,
    "client/api/__init__.py": "",
    "client/api/pets/__init__.py": "",
    "client/api/pets/get_pet.py": """\
        from ...types import UNSET

        def _get_kwargs(pet_id):
            return {}

        def sync(pet_id, shop="main", *, client, limit=UNSET):
            return None

        async def asyncio(pet_id, shop="main", *, client, limit=UNSET):
            return None
        """,
    "client/models/__init__.py": """\
        from .kind import Kind
        from .pet import Pet

        __all__ = ["Kind", "Pet"]
        """,
    "client/models/kind.py": """\
        from enum import Enum

        class Kind(str, Enum):
            CAT = "cat"
            DOG = "dog"
        """,
    "client/models/pet.py": """\
        from ..types import UNSET

        class Pet:
            def __init__(self, pet_id, born=UNSET, owner=UNSET):
                self.pet_id = pet_id
                self.born = born
                self.owner = owner

            def to_dict(self):
                result = {"petId": self.pet_id}
                if self.born is not UNSET:
                    result["born"] = self.born.isoformat()
                if self.owner is not UNSET:
                    result["owner"] = self.owner.to_dict()
                return result

            @classmethod
            def from_dict(cls, src_dict):
                return cls(**src_dict)
        """,
}

SYNC = 'def sync(pet_id, shop="main", *, client, limit=UNSET):'
INIT = "def __init__(self, pet_id, born=UNSET, owner=UNSET):"
MAIN = "positional, default 'main'"
IN_PET = "acme.client.models.pet.Pet"
IN_GET_PET = "acme.client.api.pets.get_pet"


class Packages:
    """An official package and ours, equal at first, and the list of intended differences."""

    def __init__(self, folder: Path) -> None:
        self.official = folder / "official"
        self.ours = folder / "ours"
        self.differences = folder / "differences.yaml"
        for root in (self.official, self.ours):
            for name, text in FILES.items():
                path = root / "acme" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(dedent(text), encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file of ours."""
        path = self.ours / "acme" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def compare(self, *options: str) -> int:
        """Run the command."""
        return main(
            [
                str(self.official / "acme" / "client"),
                *("--ours", str(self.ours)),
                *("--import-name", "acme.client"),
                *("--python", sys.executable),
                *("--differences", str(self.differences)),
                *options,
            ]
        )


@pytest.fixture
def packages(tmp_path: Path) -> Packages:
    """Give two packages that are equal."""
    return Packages(tmp_path)


def _found(output: str) -> list[str]:
    """The differences that are not explained."""
    lines = output.splitlines()
    if not any(line.startswith("not explained") for line in lines):
        return []
    start = next(i for i, line in enumerate(lines) if line.startswith("not explained")) + 1
    return [" ".join(line.split()) for line in lines[start : lines.index("", start)]]


def test_equal_packages_are_equal(packages: Packages, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is counted, nothing differs, and the exit code says so."""
    code = packages.compare()

    assert 0 == code
    assert [
        "           compared     equal  intended differing",
        "class             1         1         0         0",
        "enum              1         1         0         0",
        "field             3         3         0         0",
        "function          2         2         0         0",
        "key               3         3         0         0",
        "member            2         2         0         0",
        "method            2         2         0         0",
        "model             1         1         0         0",
        "module            8         8         0         0",
        "name              3         3         0         0",
        "order             8         8         0         0",
        "parameter         8         8         0         0",
        "total            42        42         0         0",
    ] == capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        pytest.param(
            "client/api/pets/get_pet.py",
            "async def asyncio(",
            "def asyncio(",
            [f"different {IN_GET_PET}.asyncio: async function -> function"],
            id="a function that is not async",
        ),
        pytest.param(
            "client/api/pets/get_pet.py",
            "async def asyncio(",
            "async def _asyncio(",
            [f"missing {IN_GET_PET}.asyncio: async function"],
            id="a missing function",
        ),
        pytest.param(
            "client/api/pets/get_pet.py",
            SYNC,
            'def sync(pet_id, shop="main", *, client, limits=UNSET):',
            [
                f"missing {IN_GET_PET}.sync(limit): keyword-only, default UNSET",
                f"extra {IN_GET_PET}.sync(limits): keyword-only, default UNSET",
            ],
            id="a parameter of another name",
        ),
        pytest.param(
            "client/api/pets/get_pet.py",
            SYNC,
            "def sync(pet_id, shop=None, *, client, limit=UNSET):",
            [f"different {IN_GET_PET}.sync(shop): {MAIN} -> positional, default None"],
            id="another default",
        ),
        pytest.param(
            "client/api/pets/get_pet.py",
            SYNC,
            'def sync(pet_id, *, shop="main", client, limit=UNSET):',
            [
                f"different {IN_GET_PET}.sync positions: pet_id, shop -> pet_id",
                f"different {IN_GET_PET}.sync(shop): {MAIN} -> keyword-only, default 'main'",
            ],
            id="a parameter of another kind",
        ),
        pytest.param(
            "client/api/pets/get_pet.py",
            SYNC,
            'def sync(pet_id: int, shop: str = "main", *, limit: int = UNSET, client: object):',
            [
                f"different {IN_GET_PET}.sync keywords: client, limit -> limit, client",
            ],
            id="another order, and annotations, which do not count",
        ),
        pytest.param(
            "client/models/pet.py",
            INIT,
            "def __init__(self, pet_id, owner=UNSET, born=UNSET):",
            [f"different {IN_PET} positions: pet_id, born, owner -> pet_id, owner, born"],
            id="fields in another order",
        ),
        pytest.param(
            "client/models/pet.py",
            '"petId": self.pet_id',
            '"pet_id": self.pet_id',
            [f"different {IN_PET}.to_dict pet_id: petId -> pet_id"],
            id="another name in JSON",
        ),
        pytest.param(
            "client/models/pet.py",
            "def from_dict(cls, src_dict):",
            "def from_dict(cls, source):",
            [f"different {IN_PET}.from_dict: (src_dict) -> (source)"],
            id="a method with another parameter",
        ),
        pytest.param(
            "client/models/kind.py",
            'DOG = "dog"',
            'DOG = "hound"\n    COW = "cow"',
            [
                'extra acme.client.models.kind.Kind.COW: "cow"',
                'different acme.client.models.kind.Kind.DOG: "dog" -> "hound"',
            ],
            id="members of an enumeration",
        ),
        pytest.param(
            "client/models/kind.py",
            "(str, Enum)",
            "(Enum)",
            ["different acme.client.models.kind.Kind: enum of str -> enum"],
            id="members that are no text",
        ),
        pytest.param(
            "client/types.py",
            "UNSET = Unset()",
            "UNSET = Unset()\n__all__ = ['UNSET']",
            ["missing acme.client.types.Unset: class"],
            id="a name that is no longer public",
        ),
    ],
)
def test_a_difference_is_told(
    packages: Packages,
    capsys: pytest.CaptureFixture[str],
    name: str,
    old: str,
    new: str,
    expected: list[str],
) -> None:
    """What a program that uses the client could notice is listed, and the exit code is 1."""
    packages.replace(name, old, new)
    code = packages.compare()

    assert (1, expected) == (code, _found(capsys.readouterr().out))


def test_a_missing_module_is_told_once(
    packages: Packages, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its functions, parameters and re-exported names are counted with it."""
    (packages.ours / "acme/client/models/kind.py").unlink()
    packages.replace("client/models/__init__.py", "from .kind import Kind\n", "")
    packages.replace("client/models/__init__.py", '"Kind", ', "")
    code = packages.compare()

    output = capsys.readouterr().out
    assert (1, ["missing acme.client.models.kind"]) == (code, _found(output))
    assert "member            2         0         0         2" in output


def test_only_ours_compares_the_modules_that_ours_has(
    packages: Packages, capsys: pytest.CaptureFixture[str]
) -> None:
    """While ours is not complete, what it has can be compared."""
    (packages.ours / "acme/client/api/pets/get_pet.py").unlink()
    packages.differences.write_text(
        "intended: [{place: later, reason: Not there yet.}]\n", encoding="utf-8"
    )
    code = packages.compare("--only-ours")

    assert (0, []) == (code, _found(capsys.readouterr().out))


def test_an_intended_difference_is_no_finding(
    packages: Packages, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is printed with its reason, and the exit code is 0."""
    packages.replace("client/models/kind.py", '    DOG = "dog"', '    DOG = "dog"\n    COW = "cow"')
    packages.differences.write_text(
        'intended: [{place: "*.Kind.COW", change: extra, reason: The server has it.}]\n',
        encoding="utf-8",
    )
    code = packages.compare()

    lines = capsys.readouterr().out.splitlines()
    assert (0, "intended, 1: The server has it.") == (code, lines[0])
    assert '  extra      acme.client.models.kind.Kind.COW: "cow"' == lines[1]


def test_a_stale_entry_is_a_finding(packages: Packages, capsys: pytest.CaptureFixture[str]) -> None:
    """An entry that explains nothing has to go."""
    packages.differences.write_text(
        "intended: [{place: nothing, reason: Long gone.}]\n", encoding="utf-8"
    )
    code = packages.compare()

    assert 1 == code
    assert "  differences.yaml#/intended/0: nothing" in capsys.readouterr().out.splitlines()


def test_a_package_that_cannot_be_imported_is_told(
    packages: Packages, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dependency that is missing there is named."""
    (packages.official / "acme/client/api/pets/get_pet.py").write_text(
        "import no_such_library\n", encoding="utf-8"
    )
    code = packages.compare()

    expected = (
        f"{packages.official}: 'acme.client' cannot be imported: ModuleNotFoundError: "
        "No module named 'no_such_library'\n"
    )
    assert (1, expected) == (code, capsys.readouterr().err[: len(expected)])


def test_the_package_is_found_from_either_folder(packages: Packages) -> None:
    """The folder of the package and the one around it are both good; another one is not."""
    folders = [packages.official, packages.official / "acme" / "client"]

    assert [packages.official] * 2 == [find_root(folder, "acme.client") for folder in folders]
    with pytest.raises(PipelineError, match=r"the package 'acme\.client' is not there"):
        find_root(packages.official / "acme", "acme.client")


def test_the_interpreter_is_that_of_the_environment(tmp_path: Path) -> None:
    """A folder in a virtual environment leads to its interpreter, another one to ours."""
    packages = tmp_path / "environment/lib/python3.12/site-packages"
    packages.mkdir(parents=True)
    interpreter = tmp_path / "environment/bin/python"
    interpreter.parent.mkdir()
    interpreter.touch()
    assert sys.executable == str(find_interpreter(packages))

    (tmp_path / "environment/pyvenv.cfg").touch()
    assert interpreter == find_interpreter(packages)

"""What the pipeline generates: one entry of `openapi/targets.yaml` per API.

Nothing else in this package knows an API by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clientsmith.errors import PipelineError
from clientsmith.reading.documents import Document, Location, load_document, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).resolve().parents[2]
TARGETS_FILE = Path("openapi", "targets.yaml")

_KEYS = ("root", "bundle", "manifest", "package", "import_name", "runtime")
_OPTIONAL_KEYS = (
    *("adopted", "bundle_json", "client", "folders", "generator_config"),
    *("leave_out", "overlays", "tag", "versions"),
)
_OTHER_KEYS = ("adopted", "leave_out", "overlays")
_FOLDERS = ("api", "models", "groups")

#: What `runtime` says where the package gets a copy of the runtime.
VENDORED = "vendored"
_WITH_RUNTIME = (
    "__init__.py",
    "_identity.py",
    "_runtime",
    "client.py",
    "downloads.py",
    "errors.py",
    "py.typed",
    "types.py",
)


@dataclass(frozen=True)
class Target:
    """One API and the package that is generated from its specification.

    Args:
        name: The key in `targets.yaml`.
        repository: The folder that names in errors and manifests are relative to.
        root: The root document of the specification; everything below its folder belongs to it.
        bundle: The bundled document (generated).
        manifest: What went in and what came out (generated).
        package: The folder of the Python package; what `generated` names in it is generated.
        import_name: The import name of that package.
        runtime: The import name of the package that generated code takes its runtime from.
        client: The import name of the package with the public modules `client`, `downloads` and
            `types` that generated code names; by default the generated package.
        generator_config: The configuration file of openapi-python-client; None for none.
        entry: The entry of `targets.yaml` as it is written there.
        folders: What is generated: `api`, `models`, and `groups` for an object that has every
            operation as a method.
        bundle_json: The bundled document once more, as compact JSON, for programs that read it
            often (generated); None where nobody does.
        is_vendored: Whether the package has a copy of the runtime.
        is_adopted: Whether others maintain the specification, which is one document then.
        overlays: Corrections of that document, in the order in which they are applied.
        left_out: Operations that are left out, by operationId or as `METHOD /path`: the reasons.
        tag: Which of several tags of an operation counts: `first` or `last`.
        versions: What the server had, by its version; None where that is not known.
    """

    name: str
    repository: Path
    root: Path
    bundle: Path
    manifest: Path
    package: Path
    import_name: str
    runtime: str
    client: str
    generator_config: Path | None
    entry: dict[str, Any] = field(repr=False, compare=False)
    bundle_json: Path | None = None
    folders: tuple[str, ...] = _FOLDERS[:2]
    is_vendored: bool = False
    is_adopted: bool = False
    overlays: tuple[Path, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    tag: str = "first"
    versions: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder of the specification."""
        return self.root.parent

    @property
    def documents(self) -> tuple[Path, ...]:
        """The places of the bundled document, in every form that is wanted."""
        return (self.bundle,) if self.bundle_json is None else (self.bundle, self.bundle_json)

    @property
    def generated(self) -> tuple[str, ...]:
        """The folders and files in the package that are generated, sorted."""
        return tuple(sorted((*self.folders, *(_WITH_RUNTIME if self.is_vendored else ()))))

    def name_of(self, path: Path) -> str:
        """Give a path relative to the repository, with forward slashes."""
        return name_of(path, self.repository)


def load_targets(repository: Path = REPOSITORY) -> dict[str, Target]:
    """Read `openapi/targets.yaml`.

    Args:
        repository: The root of the repository; by default the one that this module is in, so
            that the working directory does not matter.

    Returns:
        The targets by name, in the order of the file.

    Raises:
        PipelineError: An entry lacks a key, has an unknown one, or shares a file with another.
    """
    repository = repository.resolve()
    document = load_document(repository / TARGETS_FILE, repository)
    targets = {
        name: _target(name, entry, document, repository) for name, entry in document.content.items()
    }
    owners: dict[Path, str] = {}
    for target in targets.values():
        for path in (*target.documents, target.manifest, target.package):
            owner = owners.setdefault(path, target.name)
            if owner != target.name:
                raise Location(document, (target.name,)).error(
                    f"{target.name_of(path)} is generated by the target {owner!r} already"
                )
    return targets


def _target(name: str, entry: Any, document: Document, repository: Path) -> Target:
    location = Location(document, (name,))
    if not isinstance(entry, dict):
        raise location.error(f"expected a mapping with the keys {', '.join(_KEYS)}")
    known = (*_KEYS, *_OPTIONAL_KEYS)
    for key in entry:
        if key not in known:
            close = get_close_matches(key, known, 1)
            raise location.child(key).error(
                f"unknown key {key!r}", f"Did you mean {close[0]!r}?" if close else None
            )
    for key in _KEYS:
        if key not in entry:
            raise location.error(f"the key {key!r} is missing")
    is_adopted = entry.get("adopted", False)
    if not isinstance(is_adopted, bool):
        raise location.child("adopted").error("expected true or false")
    for key in entry:
        if key in {"leave_out", "overlays", "tag"} and not is_adopted:
            raise location.child(key).error(
                f"{key!r} is for documents that others maintain", "Write `adopted: true`, too."
            )
        if key in _OTHER_KEYS:
            continue
        if not isinstance(entry[key], str) or not entry[key]:
            raise location.child(key).error("expected a string")
    left_out = entry.get("leave_out", {})
    if not isinstance(left_out, dict) or not all(
        isinstance(reason, str) and reason.strip() for reason in left_out.values()
    ):
        raise location.child("leave_out").error("expected reasons by operation")
    overlays = entry.get("overlays", [])
    if not isinstance(overlays, list) or not all(isinstance(each, str) for each in overlays):
        raise location.child("overlays").error("expected an array of paths")
    if entry.get("tag", "first") not in {"first", "last"}:
        raise location.child("tag").error("expected 'first' or 'last'")

    def resolve(key: str, base: Path, value: str = "") -> Path:
        path = (base / (value or str(entry[key]))).resolve()
        if not path.is_relative_to(repository) or path == repository:
            raise location.child(key).error("the path leads out of the repository")
        return path

    folders = tuple(str(entry.get("folders", "api models")).split())
    if folders not in (_FOLDERS, _FOLDERS[:2]):
        raise location.child("folders").error("expected 'api models' or 'api models groups'")
    is_vendored = entry["runtime"] == VENDORED
    if is_vendored and "client" in entry:
        raise location.child("client").error(
            "a package with a copy of the runtime has its own clients", "Remove the key."
        )
    openapi = (repository / TARGETS_FILE).parent
    target = Target(
        name=name,
        repository=repository,
        root=resolve("root", openapi),
        bundle=resolve("bundle", openapi),
        manifest=resolve("manifest", openapi),
        package=resolve("package", repository),
        import_name=entry["import_name"],
        runtime=f"{entry['import_name']}._runtime" if is_vendored else entry["runtime"],
        client=str(entry.get("client", entry["import_name"])),
        generator_config=(
            resolve("generator_config", repository) if "generator_config" in entry else None
        ),
        entry=entry,
        bundle_json=resolve("bundle_json", openapi) if "bundle_json" in entry else None,
        folders=folders,
        is_vendored=is_vendored,
        is_adopted=is_adopted,
        overlays=tuple(resolve("overlays", openapi, each) for each in overlays),
        left_out=left_out,
        tag=entry.get("tag", "first"),
        versions=resolve("versions", openapi) if "versions" in entry else None,
    )
    for path in (target.root, target.generator_config, target.versions, *target.overlays):
        if path is not None and not path.is_file():
            raise PipelineError(
                f"{target.name_of(path)} does not exist", location.document.name, location.pointer
            )
    if not target.package.as_posix().endswith("/" + target.import_name.replace(".", "/")):
        raise location.child("import_name").error(
            f"{target.name_of(target.package)} cannot be imported by this name"
        )
    if target.folder == openapi:
        raise location.child("root").error(
            "the root document needs a folder of its own",
            "Every file below that folder belongs to the specification.",
        )
    return target

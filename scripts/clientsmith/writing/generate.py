"""From a bundled document to Python: openapi-python-client with our templates, then ruff.

openapi-python-client parses the document and decides on names; our templates (with the views of
`viewing.views` as their data) decide what the code looks like; ruff decides on its layout. What the
generator would skip with a warning is an error here: nothing is ever left out silently.
"""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from pydantic import ValidationError

from clientsmith.errors import PipelineError
from clientsmith.reading.documents import Location, load_document
from clientsmith.reading.walking import walk
from clientsmith.targets import TARGETS_FILE
from clientsmith.viewing.body_rules import name_empty_bodies
from clientsmith.viewing.histories import with_notes
from clientsmith.viewing.lowering import Lowered, lower
from clientsmith.viewing.media import MediaTypes
from clientsmith.viewing.views import Views
from clientsmith.writing.skeleton import skeleton
from clientsmith.writing.vendoring import IS_INSTALLED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientsmith.targets import Target

TEMPLATES = Path(__file__).resolve().parent / "templates"

# Given in full, so that no configuration file of a developer can change the output.
# Lines end with a line feed on Windows, too, where the generator writes them otherwise.
RUFF_SETTINGS = (
    "--isolated",
    "--line-length=100",
    "--target-version=py311",
    "--config=format.line-ending='lf'",
)


def tool_versions() -> dict[str, str]:
    """List the tools whose version can change the output.

    Returns:
        Version by name of the distribution.
    """
    names = ["openapi-python-client", "jinja2", "pyyaml", "ruff"]
    if IS_INSTALLED:
        names.insert(0, "clientsmith")
    return {name: version(name) for name in names}


def template_files() -> list[Path]:
    """List our templates.

    Returns:
        Their paths, sorted.
    """
    return sorted(TEMPLATES.glob("*.jinja"))


def generate_package(bundle: dict[str, Any], target: Target, destination: Path) -> None:
    """Write the generated folders of a target.

    Args:
        bundle: The bundled document; it is not changed.
        target: What is generated.
        destination: An existing folder that has none of them yet.

    Raises:
        PipelineError: The generator could not make sense of something in the document.
    """
    settings = _config_file(target)
    _check_runtime(target)
    with tempfile.TemporaryDirectory() as scratch:
        package = Path(scratch) / "package"
        _render(lower(name_empty_bodies(with_notes(bundle, target))), target, settings, package)
        _format(
            [package / folder for folder in target.folders],
            own_package=target.import_name.partition(".")[0],
        )
        for folder in target.folders:
            shutil.move(package / folder, destination / folder)


def _check_runtime(target: Target) -> None:
    """Check that what the generated code is going to import is there."""
    if target.is_vendored:
        return
    steps = target.runtime.replace(".", "/")
    is_here = any(target.repository.glob(f"*/{steps}/declare/operation.py"))
    if not is_here and not _is_importable(f"{target.runtime}.declare.operation"):
        raise PipelineError(
            f"{target.runtime!r} is not a package with the runtime of generated code",
            file=TARGETS_FILE.as_posix(),
            pointer=f"/{target.name}/runtime",
            hint="It is the package that holds `declare/operation.py`, or the word `vendored`.",
        )


def _is_importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False


def views_of(bundle: dict[str, Any], target: Target) -> Views:
    """Make the views of a document without writing anything.

    Args:
        bundle: The bundled document; it is not changed.
        target: What would be generated.

    Returns:
        The views.

    Raises:
        PipelineError: Something in the document cannot be generated.
    """
    lowered = lower(name_empty_bodies(with_notes(bundle, target)))
    return _project(lowered, target, _config_file(target), Path("package"))[1]


def _project(
    lowered: Lowered, target: Target, settings: ConfigFile, package: Path
) -> tuple[Project, Views]:
    config = Config.from_sources(
        settings,
        meta_type=MetaType.NONE,
        document_source=target.bundle,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    data = GeneratorData.from_dict(skeleton(lowered), config=config)
    if isinstance(data, GeneratorError):
        raise _failure([data], target, lowered.document)
    project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
    # The generator parses in several steps and reports what it left out only at the end; views
    # would stumble over the gaps, so look before rendering.
    problems = project._get_errors()
    if problems:
        raise _failure(problems, target, lowered.document)
    views = Views(lowered, target, data, MediaTypes(settings.content_type_overrides))
    views.check_complete()
    return project, views


def _render(lowered: Lowered, target: Target, settings: ConfigFile, package: Path) -> None:
    project, views = _project(lowered, target, settings, package)
    views.check_all()
    project.env.globals.update(views=views)
    # A misspelt name in a template is an error, not an empty text.
    project.env.undefined = StrictUndefined
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            late_problems = project.build()
        if "groups" in target.folders:
            _render_groups(project, views)
    except TemplateError as error:
        raise _template_failure(error) from error
    if late_problems:
        raise _failure(late_problems, target, lowered.document)


def _render_groups(project: Project, views: Views) -> None:
    folder = project.package_dir / "groups"
    folder.mkdir()
    template = project.env.get_template("group.py.jinja")
    for group in views.groups():
        (folder / f"{group.name}.py").write_text(template.render(view=group), encoding="utf-8")
    text = project.env.get_template("groups_init.py.jinja").render()
    (folder / "__init__.py").write_text(text, encoding="utf-8")


def _config_file(target: Target) -> ConfigFile:
    if target.generator_config is None:
        return ConfigFile(post_hooks=[])
    document = load_document(target.generator_config, target.repository)
    for key in document.content:
        if key not in ConfigFile.model_fields:
            raise Location(document, (key,)).error(
                f"openapi-python-client has no option {key!r}",
                f"It has {', '.join(sorted(ConfigFile.model_fields))}.",
            )
    try:
        return ConfigFile(**document.content)
    except ValidationError as error:
        (problem, *_) = error.errors()
        place = Location(document, tuple(map(str, problem["loc"])))
        raise place.error(str(problem["msg"])) from None


def _template_failure(error: TemplateError) -> PipelineError:
    """Tell in which template, and in which line of it, something is wrong."""
    places = [
        (Path(frame.filename), frame.lineno)
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(TEMPLATES)
    ]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        places.append((Path(error.filename), error.lineno))
    # The last one is where it happened; the others include or call it.
    path, line = places[-1] if places else (TEMPLATES, 0)
    return PipelineError(
        f"the template cannot be rendered: {error.message or type(error).__name__}",
        file=f"scripts/clientsmith/writing/templates/{path.relative_to(TEMPLATES).as_posix()}:{line}",
    )


def _failure(
    problems: Iterable[GeneratorError], target: Target, bundle: dict[str, Any]
) -> PipelineError:
    texts = []
    pointers = []
    for problem in problems:
        parts = [problem.header.strip()]
        if problem.detail:
            parts.append(problem.detail.strip())
        data = getattr(problem, "data", None)
        if data is not None:
            parts.append(_excerpt(data))
            pointers.extend(_pointers_to(data, bundle))
        text = "\n    ".join(" ".join(part.split()) for part in parts if part)
        # The generator prints some values of the document as objects with their address.
        texts.append(re.sub(r"<\S*UntrustedString object at 0x[0-9a-f]+> ?", "", text))
    return PipelineError(
        "openapi-python-client cannot generate everything:\n  " + "\n  ".join(texts),
        file=target.name_of(target.bundle),
        pointer=pointers[0] if pointers else None,
        hint="Change the specification: what the generator skips would be missing from the client.",
    )


def _pointers_to(data: Any, bundle: dict[str, Any]) -> list[str]:
    """Find where a part of the document is that the generator tells without its place."""
    dump = getattr(data, "model_dump", None)
    content = dump(mode="json", by_alias=True, exclude_unset=True) if dump else None
    return [found.pointer for found in walk(bundle) if found.value == content]


def _excerpt(data: Any) -> str:
    dump = getattr(data, "model_dump_json", None)
    text = dump(exclude_none=True, exclude_defaults=True) if dump else str(data)
    return text if len(text) <= 200 else text[:200] + "..."


def _format(folders: list[Path], own_package: str) -> None:
    # Import order first, because it leaves lines that the formatter joins; then a look for names
    # that a template forgot to import, or imports in vain.
    own = f"lint.isort.known-first-party=['{own_package}']"
    for command in (
        ["check", "--fix", "--select=I,RUF022", f"--config={own}"],
        ["format"],
        ["check", "--select=F"],
    ):
        run = subprocess.run(  # noqa: S603  # our own arguments
            [sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache", *RUFF_SETTINGS]
            + [str(folder) for folder in folders],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise PipelineError(
                "the generated code is not valid Python:\n"
                + _shown(run.stdout + run.stderr, folders),
                hint="Look at the templates, and at what the specification puts into them.",
            )


def _shown(output: str, folders: list[Path]) -> str:
    """Shorten what ruff says, and leave out where we put the files for the moment."""
    text = output.strip().replace(f"{folders[0].parent}/", "")
    lines = text.splitlines()
    return "\n".join(
        lines[:40] + ([f"and {len(lines) - 40} more lines"] if len(lines) > 40 else [])
    )

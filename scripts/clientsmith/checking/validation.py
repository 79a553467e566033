"""Checks that a bundle is valid OpenAPI 3.1, with openapi-spec-validator.

Its errors point into the bundle, or only into the schema that they are about; here they are led
back to the source files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clientsmith.checking.semantics import check_operations, check_paths, check_schemas
from clientsmith.errors import PipelineError, Problems, raise_all
from clientsmith.reading.documents import from_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema.exceptions import ValidationError
    from openapi_spec_validator import OpenAPIV31SpecValidator

    from clientsmith.reading.bundle import Bundle
    from clientsmith.reading.documents import Location

_VERSION = "3.1."
_LONGEST_MESSAGE = 200


def validate_bundle(bundle: Bundle, *, strict: bool = True) -> None:
    """Check a bundle against OpenAPI 3.1, and what the pipeline asks for beyond that.

    Args:
        bundle: What to check.
        strict: Whether defaults are checked, which nothing depends on.

    Raises:
        PipelineError: It is not valid, or cannot be generated, or has problems; the errors point to
            the source files.
    """
    version = bundle.content.get("openapi")
    if not isinstance(version, str) or not version.startswith(_VERSION):
        found = bundle.locate("openapi").error(f"expected 'openapi: {_VERSION}x', got {version!r}")
        raise_all([*bundle.problems, found])
    if not isinstance(bundle.content.get("paths"), dict):
        missing = bundle.locate("paths").error("the mapping 'paths' is missing")
        raise_all([*bundle.problems, missing])
    # These take half a second to import, which `check --quick` does not need.
    from openapi_spec_validator import OpenAPIV31SpecValidator

    from clientsmith.checking.supported import unsupported

    validator = OpenAPIV31SpecValidator(bundle.content)
    # First the structure: what follows takes it for granted.
    raise_all([*bundle.problems, *_structural_problems(bundle, validator)])
    check_paths(bundle)
    problems = Problems()
    with problems.collecting():
        check_operations(bundle)
    if strict:
        schema = _invalid_schema(bundle, validator, only_schemas=bool(problems))
        if schema is not None:  # what follows takes it for granted that there is none
            raise_all([*problems, schema])
        with problems.collecting():
            check_schemas(bundle)
    told = list(problems)
    for each in unsupported(bundle.content):
        found = bundle.locate(*from_pointer(each.pointer or "")).error(each.message, each.hint)
        # What is wrong inside of it, such as an operationId that is used twice, is the cause.
        if not any(_is_inside(other, found) for other in told):
            problems.append(found)
    raise_all(problems)


def _structural_problems(
    bundle: Bundle, validator: OpenAPIV31SpecValidator
) -> Iterator[PipelineError]:
    """Find what has not the structure of OpenAPI, but for consequences of the bundle's problems."""
    from jsonschema.exceptions import best_match

    errors = list(validator.schema_validator.iter_errors(bundle.content))
    causes = [each for each in errors if each.validator != "unevaluatedProperties"]
    for error in causes or errors:
        best = best_match([error])
        if best is None or _is_dropped(tuple(map(str, error.absolute_path)), bundle):
            continue
        found = _error(bundle.locate(*best.absolute_path), best, 0)
        if not any(_is_inside(found, known) for known in bundle.problems):
            yield found


def _is_dropped(place: tuple[str, ...], bundle: Bundle) -> bool:
    """Tell whether a part is empty, in one that is, or around one."""
    length = len(place)
    return any(each[:length] == place[: len(each)] for each in bundle.dropped)


def _is_inside(error: PipelineError, outer: PipelineError) -> bool:
    inner = f"{error.pointer or ''}/"
    return error.file == outer.file and inner.startswith(f"{outer.pointer or ''}/")


def _invalid_schema(
    bundle: Bundle, validator: OpenAPIV31SpecValidator, *, only_schemas: bool
) -> PipelineError | None:
    """Find an error that the validator finds beyond the structure.

    Args:
        bundle: What to check.
        validator: The validator of the bundle.
        only_schemas: Whether operations are not checked, because their problems are known.
    """
    from jsonschema.exceptions import ValidationError

    remaining: list[ValidationError] = []
    try:
        if not only_schemas:
            remaining = list(validator.root_validator(validator.schema_path))
    except RecursionError:
        return bundle.locate().error("schemas are nested, or refer to each other, too deeply")
    except Exception as error:
        # It walks through schemas that it has not checked yet, and trips over what it finds there.
        remaining = [ValidationError(f"{type(error).__name__}: {error}")]
    if not remaining and not only_schemas:
        return None
    unknown = (bundle.locate(), remaining[0]) if remaining else None
    found = next(_schema_errors(bundle, validator), unknown)
    return None if found is None else _error(*found, max(len(remaining) - 1, 0))


def _schema_errors(
    bundle: Bundle, validator: OpenAPIV31SpecValidator
) -> Iterator[tuple[Location, ValidationError]]:
    """Find the schema that an error is about; the validator tells only the place inside it."""
    from openapi_spec_validator.validation.keywords import OpenAPIV31SchemaValidator

    for place in sorted(bundle.origins, key=lambda place: _precision(place, bundle)):
        if _precision(place, bundle) == _NOWHERE:
            return
        checked = OpenAPIV31SchemaValidator(validator.keyword_validators_registry)
        try:
            errors = list(checked(validator.schema_path.joinpath(*place)))
        except Exception:  # noqa: S112 # the mistake is in a schema that this one refers to
            continue
        for error in errors:
            # An error about a default has no path, or one inside the default.
            for inner in (tuple(map(str, error.absolute_path)), ("default",)):
                if inner and _lookup(bundle.content, (*place, *inner)) is not None:
                    yield bundle.locate(*place, *inner), error
            yield bundle.locate(*place), error


_NOWHERE = 3


def _precision(place: tuple[str, ...], bundle: Bundle) -> int:
    """Tell how precise an error is that comes from checking a place; the lowest is the best.

    The validator checks defaults through all references, so begin with the schemas that have one.
    """
    value = _lookup(bundle.content, place)
    if not isinstance(value, dict) or "$ref" in value:
        return _NOWHERE
    if "default" in value:
        return 0
    if place[:2] == ("components", "schemas") and len(place) == 3:
        return 1
    return 2 if place[-1:] == ("schema",) else _NOWHERE


def _lookup(value: Any, place: Iterable[str]) -> Any:
    for part in place:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _error(location: Location, error: ValidationError, more: int) -> PipelineError:
    message = " ".join(error.message.split())
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[:_LONGEST_MESSAGE]}..."
    hint = None
    if more:
        hint = f"There {'is 1 more error' if more == 1 else f'are {more} more errors'} like it."
    return location.error(f"is not valid OpenAPI 3.1: {message}", hint)

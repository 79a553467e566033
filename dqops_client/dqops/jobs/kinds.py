"""The seven kinds of jobs: how each is submitted, and where its result is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._runtime.public import publish
from ..client.errors import InvalidRequest
from .business_keys import check_business_key
from .pydantic_types import InstanceField

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from ..client.models import (
        CheckSearchFilters,
        CollectErrorSamplesParameters,
        CollectStatisticsQueueJobParameters,
        CollectStatisticsResult,
        DeleteStoredDataQueueJobParameters,
        DqoJobHistoryEntryModel,
        ErrorSamplerResult,
        ImportTablesQueueJobParameters,
        RunChecksParameters,
        RunChecksResult,
        StatisticsCollectorSearchFilters,
        SynchronizeMultipleFoldersDqoQueueJobParameters,
    )

    #: Which checks to run: filters alone, or with everything else that can be said.
    ChecksToRun: TypeAlias = CheckSearchFilters | RunChecksParameters
    #: Which checks to collect error samples for.
    SamplesToCollect: TypeAlias = CheckSearchFilters | CollectErrorSamplesParameters
    #: Which statistics to collect.
    StatisticsToCollect: TypeAlias = (
        StatisticsCollectorSearchFilters | CollectStatisticsQueueJobParameters
    )

    Arguments: TypeAlias = Mapping[str, Any]

__all__ = [
    "COLLECT_ERROR_SAMPLES",
    "COLLECT_STATISTICS_ON_DATA_GROUPS",
    "COLLECT_STATISTICS_ON_TABLE",
    "DELETE_STORED_DATA",
    "IMPORT_TABLES",
    "RUN_CHECKS",
    "SYNCHRONIZE_FOLDERS",
    "JobKind",
    "JobRequest",
    "check_kind",
]

P_contra = TypeVar("P_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True, eq=False, repr=False)
class JobKind(Generic[P_contra, R_co]):
    """A kind of jobs, with its types of parameters and result.

    Attributes:
        name: The name of the operation that submits such a job.
        job_type: The server's name for the type of the job.
    """

    name: str
    job_type: str
    _make_arguments: Callable[[P_contra], Arguments]
    _parameters: str
    _result: str | None = None

    @property
    def has_result(self) -> bool:
        """Whether the server tells a result of such jobs."""
        return self._result is not None

    def request(
        self, parameters: P_contra, *, business_key: str | None = None, label: str | None = None
    ) -> JobRequest[R_co]:
        """Say what a job is to do, without submitting it.

        Args:
            parameters: What it is to do.
            business_key: The key by which it can be looked up; None for a new unique one.
            label: What progress and messages call it; None for the name of its table, if it has
                one.

        Returns:
            The request, for `submit`, `run` and `run_many`.

        Raises:
            InvalidRequest: The parameters are of another kind, a name in them is empty, or the key
                cannot be one.
        """
        from .parameters import settled

        if business_key is not None:
            check_business_key(business_key)
        arguments = self._make_arguments(settled(parameters))
        return JobRequest(
            self, arguments, business_key, _table_in(arguments) if label is None else label
        )

    def result_in(self, entry: DqoJobHistoryEntryModel) -> R_co | None:
        """Find the result in what the server tells about a job.

        Args:
            entry: What `get_job` gave. What `wait_for_job` gives comes before the server has noted
                the result.

        Returns:
            The result; None where the server does not tell it.
        """
        if self._result is None:
            return None
        parameters = getattr(entry.parameters, self._parameters, None)
        found: R_co | None = getattr(parameters, self._result, None) or None
        return found

    def __reduce__(self) -> str:
        return self.name.upper()  # there is one of each, at the end of this module

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


@dataclass(frozen=True, eq=False)
class JobRequest(InstanceField, Generic[R_co]):
    """What a job is to do; `JobKind.request` makes one.

    Attributes:
        kind: The kind of the job.
        arguments: The arguments of the operation that submits it.
        business_key: The key by which it can be looked up; None for a new unique one.
        label: What progress and messages call it: the name of its table, unless `request` was told
            another; empty if there is none.
    """

    kind: JobKind[Any, R_co]
    arguments: Arguments
    business_key: str | None = None
    label: str = ""


def check_kind(kind: JobKind[P_contra, R_co]) -> JobKind[P_contra, R_co]:
    """Refuse what is no kind of jobs, such as the name of one.

    Args:
        kind: What a caller passes.

    Returns:
        The same.

    Raises:
        InvalidRequest: It is none.
    """
    if not isinstance(kind, JobKind):
        name = kind if isinstance(kind, str) else getattr(kind, "__name__", "")
        is_known = isinstance(globals().get(name.upper()), JobKind)
        hint = f": write jobs.{name.upper()}" if is_known else ", such as jobs.RUN_CHECKS"
        raise InvalidRequest(f"kind must be a kind of jobs, got {kind!r}{hint}")
    return kind


def _checks_to_run(parameters: ChecksToRun) -> Arguments:
    from ..client.models import CheckSearchFilters, RunChecksParameters

    if isinstance(parameters, CheckSearchFilters):
        parameters = RunChecksParameters(check_search_filters=parameters)
    return _body(parameters, RunChecksParameters, "CheckSearchFilters or RunChecksParameters")


def _samples_to_collect(parameters: SamplesToCollect) -> Arguments:
    from ..client.models import CheckSearchFilters, CollectErrorSamplesParameters

    if isinstance(parameters, CheckSearchFilters):
        parameters = CollectErrorSamplesParameters(check_search_filters=parameters)
    return _body(
        parameters,
        CollectErrorSamplesParameters,
        "CheckSearchFilters or CollectErrorSamplesParameters",
    )


def _statistics_to_collect(data_scope: str) -> Callable[[StatisticsToCollect], Arguments]:
    def arguments(parameters: StatisticsToCollect) -> Arguments:
        from ..client.models import (
            CollectStatisticsQueueJobParameters,
            StatisticsCollectorSearchFilters,
        )

        wanted = "StatisticsCollectorSearchFilters or CollectStatisticsQueueJobParameters"
        if isinstance(parameters, CollectStatisticsQueueJobParameters):
            if (parameters.data_scope or data_scope) != data_scope:
                raise InvalidRequest(
                    f"data_scope must be {data_scope!r} for this job, got "
                    f"{str(parameters.data_scope)!r}; nothing was sent"
                )
            if parameters.dummy_sensor_execution:
                raise InvalidRequest(
                    "the API has no way to send dummy_sensor_execution; nothing was sent"
                )
            filters = parameters.statistics_collector_search_filters
            return {
                "json_body": filters or StatisticsCollectorSearchFilters(),
                "configure_table": parameters.configure_table,
                "samples_limit": parameters.samples_limit,
            }
        return _body(parameters, StatisticsCollectorSearchFilters, wanted)

    return arguments


def _data_to_delete(parameters: DeleteStoredDataQueueJobParameters) -> Arguments:
    from ..client.models import DeleteStoredDataQueueJobParameters as Model

    arguments = _body(parameters, Model, Model.__name__)
    if not parameters.connection:
        raise InvalidRequest("name the connection whose data is deleted; nothing was sent")
    flags = [item.name for item in Model._properties if item.name.startswith("delete_")]
    if not any(getattr(parameters, name) for name in flags):
        raise InvalidRequest(
            f"nothing would be deleted: set {', '.join(flags[:-1])} or {flags[-1]} to True; "
            "nothing was sent"
        )
    start, end = parameters.date_start, parameters.date_end
    if start and end and start > end:
        raise InvalidRequest(
            f"date_start must not be after date_end, got {start} and {end}; nothing was sent"
        )
    return arguments


def _tables_to_import(parameters: ImportTablesQueueJobParameters) -> Arguments:
    from ..client.models import ImportTablesQueueJobParameters as Model

    return _body(parameters, Model, Model.__name__)


def _folders_to_synchronize(
    parameters: SynchronizeMultipleFoldersDqoQueueJobParameters,
) -> Arguments:
    from ..client.models import SynchronizeMultipleFoldersDqoQueueJobParameters as Model

    return _body(parameters, Model, Model.__name__)


def _table_in(arguments: Arguments) -> str:
    """Tell which table a job is about; nothing if it is about several."""
    body: Any = arguments["json_body"]
    for name in ("check_search_filters", "statistics_collector_search_filters"):
        body = getattr(body, name, None) or body
    if table := getattr(body, "full_table_name", None):
        return str(table)
    names = getattr(body, "table_names", None)
    if not isinstance(names, Sequence) or isinstance(names, str) or len(names) != 1:
        return ""
    return f"{body.schema_name}.{names[0]}" if body.schema_name else str(names[0])


def _body(parameters: object, model: type[object], wanted: str) -> Arguments:
    if not isinstance(parameters, model):
        got = type(parameters).__name__
        if hasattr(type(parameters), "_call"):  # a client
            got = f"{got}, which comes first"
        raise InvalidRequest(
            f"the parameters of this job must be {wanted}, got {got}; nothing was sent"
        )
    return {"json_body": parameters}


RUN_CHECKS: JobKind[ChecksToRun, RunChecksResult] = JobKind(
    "run_checks",
    "run_checks",
    _checks_to_run,
    "run_checks_parameters",
    "run_checks_result",
)
COLLECT_ERROR_SAMPLES: JobKind[SamplesToCollect, ErrorSamplerResult] = JobKind(
    "collect_error_samples",
    "collect_error_samples",
    _samples_to_collect,
    "collect_error_samples_parameters",
    "error_sampler_result",
)
COLLECT_STATISTICS_ON_TABLE: JobKind[StatisticsToCollect, CollectStatisticsResult] = JobKind(
    "collect_statistics_on_table",
    "collect_statistics",
    _statistics_to_collect("table"),
    "collect_statistics_parameters",
    "collect_statistics_result",
)
COLLECT_STATISTICS_ON_DATA_GROUPS: JobKind[StatisticsToCollect, CollectStatisticsResult] = JobKind(
    "collect_statistics_on_data_groups",
    "collect_statistics",
    _statistics_to_collect("data_group"),
    "collect_statistics_parameters",
    "collect_statistics_result",
)
# The server tells the results of these only to whoever submits them and waits in the same request,
# which is the request that loses jobs.
DELETE_STORED_DATA: JobKind[DeleteStoredDataQueueJobParameters, None] = JobKind(
    "delete_stored_data", "delete_stored_data", _data_to_delete, "delete_stored_data_parameters"
)
IMPORT_TABLES: JobKind[ImportTablesQueueJobParameters, None] = JobKind(
    "import_tables", "import_tables", _tables_to_import, "import_table_parameters"
)
SYNCHRONIZE_FOLDERS: JobKind[SynchronizeMultipleFoldersDqoQueueJobParameters, None] = JobKind(
    "synchronize_folders",
    "synchronize_multiple_folders",
    _folders_to_synchronize,
    "synchronize_multiple_folders_parameters",
)


publish("jobs", (JobKind, JobRequest), package="dqops")

"""The exception `DqopsEmptyResponseException`."""

from airflow.providers.common.compat.sdk import AirflowException

__all__ = ["DqopsEmptyResponseException"]


class DqopsEmptyResponseException(AirflowException):
    """The server sent no body."""

"""The exception `DqopsInternalServerErrorException`."""

from airflow.providers.common.compat.sdk import AirflowException

__all__ = ["DqopsInternalServerErrorException"]


class DqopsInternalServerErrorException(AirflowException):
    """The server responded with status 500."""

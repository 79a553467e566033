"""The exception `DqopsTimeoutException`."""

from airflow.providers.common.compat.sdk import AirflowException

__all__ = ["DqopsTimeoutException"]


class DqopsTimeoutException(AirflowException):
    """The time is over; the job goes on, and a retry takes it up."""

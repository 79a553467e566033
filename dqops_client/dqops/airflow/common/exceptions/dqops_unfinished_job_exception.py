"""The exception `DqopsUnfinishedJobException`."""

from airflow.providers.common.compat.sdk import AirflowException

__all__ = ["DqopsUnfinishedJobException"]


class DqopsUnfinishedJobException(AirflowException):
    """The job of another task goes on after the time is over."""

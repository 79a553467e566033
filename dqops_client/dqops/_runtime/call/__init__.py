"""A call with its attempts, its log records and its span."""

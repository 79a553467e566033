"""What operators raise besides the exceptions of `dqops.jobs`."""

"""The command `dqopsctl`; it comes with the extra `cli`."""

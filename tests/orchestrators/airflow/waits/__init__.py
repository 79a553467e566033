"""A thousand mapped tasks that wait in one triggerer: memory, and requests that it sends."""

"""A client of mosparo's health check; everything in `api` and `models` is generated."""

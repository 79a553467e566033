"""How fast the package is, measured beside others: `make bench`."""

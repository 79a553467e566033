"""Random hostile input for minutes: `make fuzz`. `test_fuzz.py` runs a little of it."""

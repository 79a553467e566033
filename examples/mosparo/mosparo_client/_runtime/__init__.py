# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What generated code needs to run, whatever API it is for."""

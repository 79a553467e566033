# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""JSON to models, and models to JSON."""

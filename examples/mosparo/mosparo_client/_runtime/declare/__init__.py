# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What a generated module says about an operation or a model."""

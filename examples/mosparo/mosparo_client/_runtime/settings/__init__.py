# A copy of the generator's runtime, made by `make regenerate`; do not edit.
"""What a client is told: checks, the token, and what may be shown of it."""

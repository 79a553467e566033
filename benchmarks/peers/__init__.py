"""What runs in the environments that are compared; each module needs nothing but what it measures.

Modules that use others of this package are run with `python -m`, from the root of the repository.
"""

"""What a generated module says about an operation or a model."""

"""Programs that keep this repository in order: documents, blocking twins, Python versions."""

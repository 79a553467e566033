"""What a release consists of: what has changed, its version, changelog and files."""

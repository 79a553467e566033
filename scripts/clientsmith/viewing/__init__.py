"""What the templates see of a document."""

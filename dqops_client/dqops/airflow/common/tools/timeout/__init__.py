"""What the official package does after a timeout."""

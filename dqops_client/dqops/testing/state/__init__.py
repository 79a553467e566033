"""What a simulated server knows at any moment."""

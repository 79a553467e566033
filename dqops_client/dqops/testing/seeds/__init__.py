"""What a simulated server knows when it starts."""

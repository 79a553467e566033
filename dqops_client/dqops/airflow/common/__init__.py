"""What operators share, under the names of the official package."""

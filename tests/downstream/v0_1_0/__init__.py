"""Programs as users of 0.1.0 write them."""

"""What a client is told: checks, the token, and what may be shown of it."""

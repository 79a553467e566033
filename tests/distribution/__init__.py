"""The built wheel, and what it promises to those who install it."""

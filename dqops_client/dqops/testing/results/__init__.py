"""What runs of checks leave behind, and how it is shown."""

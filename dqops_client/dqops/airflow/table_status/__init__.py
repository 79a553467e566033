"""Operators that judge tables without running anything."""

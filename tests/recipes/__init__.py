"""Tests of the recipes, run as users run them."""

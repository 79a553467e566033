"""Tests of the integrations with orchestrators, each in an environment of its own."""

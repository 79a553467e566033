"""Tests of the pipeline, on small specifications of their own."""

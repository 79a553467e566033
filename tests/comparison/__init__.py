"""Tests of the comparisons with an official client and with what a server says of itself."""

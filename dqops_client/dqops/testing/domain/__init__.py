"""The data of one data domain, and how it is selected and deleted."""

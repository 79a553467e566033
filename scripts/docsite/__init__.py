"""The documentation site: pages made from the specifications, with examples that are run.

`make docs` builds the site into `build/docs/site`. What is written by hand is in `docs/`; all
else is made anew each time and not committed.
"""

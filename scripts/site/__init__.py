"""The documentation site: pages made from the specifications, with examples that are run.

    python -m scripts.site [--serve] [--quick]

`make docs` builds the site into `build/site`. What is written by hand is in `docs/`; everything else
is made anew each time and not committed.
"""

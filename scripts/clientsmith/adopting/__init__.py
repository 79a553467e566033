"""Documents that others maintain: what they hold is brought into the form that the pipeline reads.

Nothing is left out silently: each change is a note, and `adopt` shows all of them.
"""

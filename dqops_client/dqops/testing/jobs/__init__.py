"""Jobs: the queue, and the work that each kind of job does."""

"""Many calls at once on one client, for a long time, over a bad network.

make soak
PYTHONPATH=tests python -m soak --seconds 60 --seed 1
"""

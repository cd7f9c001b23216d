"""Ways to run many jobs: one after the other, on all cores, on many machines."""

"""Many documents: what there is to do (inputs), and doing it (run)."""

"""Words, as data."""

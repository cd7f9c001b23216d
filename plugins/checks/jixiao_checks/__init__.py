"""Built-in checks: what a finished sheet must satisfy, whatever it was read from."""

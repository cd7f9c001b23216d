"""From the bytes of a web page to its tables and lines."""

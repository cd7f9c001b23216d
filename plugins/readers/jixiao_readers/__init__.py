"""The built-in readers: one module a format, each an entry point of the group `jixiao.readers`."""

"""The built-in writers: one module a format, each an entry point of the group `jixiao.writers`."""

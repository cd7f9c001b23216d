"""The command line: `plain` for a conversion that is asked for well, `commands` for all else."""

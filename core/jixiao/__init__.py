"""jixiao: budget-performance sheets, from whatever counties have to what the finance system needs."""

__version__ = "0.1.0"

"""Kaishu (开数): a git repository of government datasets becomes an open-data portal."""

__version__ = "0.1.0"

"""The catalogue for machines."""

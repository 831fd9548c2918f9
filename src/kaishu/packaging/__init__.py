"""Table in, checked, files out."""

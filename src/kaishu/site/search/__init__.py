"""Search: entries as an index that the reader's browser looks through, without a server."""

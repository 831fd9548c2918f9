"""Pages for people: from the catalogue to HTML."""

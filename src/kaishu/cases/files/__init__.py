"""Files that applicants send: what they are, what they carry, where they are kept."""

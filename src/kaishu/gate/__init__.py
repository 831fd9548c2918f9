"""What a push may do: paths, kinds of file, whose folder it is, and whether the data are right."""

"""The reference pages and the map, each made from the code that it describes."""

"""From the bytes of a file to its text: what kind it is, and one reader per kind."""

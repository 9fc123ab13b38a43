"""The verbs of difficulties, and the paper that submits them."""

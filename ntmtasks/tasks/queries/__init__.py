"""Reading tasks, and counting what of them is owed."""

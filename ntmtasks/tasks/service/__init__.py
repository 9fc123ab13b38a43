"""The verbs that change tasks and assignments; every change also writes its spans."""

"""The verbs of intake: import a plan, review it, issue it."""

"""What the worker does with the outbox, a module for each kind."""

"""What people write on a task, and what they ask and decide about it."""

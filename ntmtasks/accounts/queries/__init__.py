"""Reading people and their sessions; who receives what concerns an agency."""

"""Tasks and their assignments (nhiệm vụ, giao việc): the heart; no page of its own."""

"""What would go to whom on a morning, and what of it still holds later."""

"""What the desk puts together out of several rooms."""

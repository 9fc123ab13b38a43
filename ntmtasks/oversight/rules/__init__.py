"""Pure rules of the pages that show everything at a glance."""

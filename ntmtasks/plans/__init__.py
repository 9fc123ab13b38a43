"""The plan as issued and its clauses (kế hoạch, mục)."""

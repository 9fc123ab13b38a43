"""Papers as .docx. All of it runs in the child process (core/office.py)."""

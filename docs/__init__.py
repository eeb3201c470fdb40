"""The documentation, and the script that keeps its generated tables up to date."""

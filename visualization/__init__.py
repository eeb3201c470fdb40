"""Pages that show the model in a browser."""

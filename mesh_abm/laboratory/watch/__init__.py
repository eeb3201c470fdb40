"""The Watch page: the live network and charts, and all that can be done to a run."""

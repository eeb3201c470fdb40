"""Claims of one chapter of the ledger, one file each."""

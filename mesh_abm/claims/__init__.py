"""The paper's claims as experiments, one small file each (`mesh_abm/claims/paper`), and their ledger.

A claim states its experiment and its criterion before it is run; the ledger says what came of it and what would change
that. `mesh-abm claims` runs them.
"""

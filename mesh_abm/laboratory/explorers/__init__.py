"""Pages that explore one thing each: the phase transition, the Potts model, a sweep's store, the ledger of claims.

Each page (`phase`, `potts`, `sweeps`, `ledger`) has its model side in files that know nothing of browsers.
"""

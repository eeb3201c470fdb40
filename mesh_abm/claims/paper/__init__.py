"""The claims of the paper, one file each; `mesh_abm.claims.registry` finds them."""

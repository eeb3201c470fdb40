"""Pictures of what sweeps say, one file a figure; each is drawn from a table of `mesh_abm.analysis`."""

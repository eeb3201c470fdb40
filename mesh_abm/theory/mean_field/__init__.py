"""Parts of the model as difference equations, a file per group of rules; `mesh_abm.theory.mean_field_mesh` puts
them together. Equations and assumptions: docs/mean-field.md.
"""

"""The laboratory in the browser.

solara run visualization/app.py          (or: mesh-abm app)
"""

from mesh_abm.laboratory.app import routes

__all__ = ["routes"]

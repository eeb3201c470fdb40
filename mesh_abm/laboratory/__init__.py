"""The laboratory in the browser: the running model to watch, to play with and to learn from.

    mesh-abm app            (or: solara run visualization/app.py)

`app` holds the pages; `world`, `frame`, `link`, `limits` and the model sides of the explorers and lessons know nothing
of browsers and run without one.
"""

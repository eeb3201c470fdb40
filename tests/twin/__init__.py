"""The twin: the model of docs/model.md once more, one Python object per device, from that page alone.

It is the reference that the fast engine is compared with; the two share no code.
"""

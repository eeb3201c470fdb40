"""PRE-5: training stays central."""

from mesh_abm.claims.claim import Claim

CLAIM = Claim(
    id="PRE-5",
    place="sections 2.1 (iv) and 7.3, from the predecessor",
    says="Training of frontier models stays with the provider, because devices cannot synchronize fast enough.",
    reason="An assumption about bandwidth between machines: training is not part of the model, and no data on it are shipped. "
    "What the model has of it is the share of queries that only the provider can answer (frontier_share), an input.",
    turned_by="A model of training over slow links, or a frontier model trained on ordinary devices.",
)

"""What dividing one run between machines would cost: links cut by a partition, and what crosses it in a month."""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array

from benchmarks.routing import neighbors_looked_at
from benchmarks.timing import DENSE
from mesh_abm.model import MeshModel
from mesh_abm.scenario import Scenario

OWNERS = 20_000
MACHINES = (2, 8, 64)


def main() -> None:
    """A dense mesh under the uniform kernel, and the grown mesh of `reference`."""
    print(f"one run on several machines: what crosses a partition of {OWNERS:,} owners, a month")
    dense = MeshModel.from_scenario(
        Scenario.load("large").replace(n_owners=OWNERS, measure_every=0, **DENSE), rng=1
    )
    dense.run_for(8)
    report("uniform links, all slots filled", dense)
    grown = MeshModel.from_scenario(
        Scenario(n_owners=OWNERS, initial_members=0.9, measure_every=0, months=140), rng=1
    )
    grown.run_for(140)
    report("grown mesh of `reference`, month 140", grown)


def report(label: str, model: MeshModel) -> None:
    """Links cut by chance and by the best bisection known for large graphs, and what that means for queries."""
    queries, looks = model.queries.total, neighbors_looked_at(model)
    moves = float(model.offers.moves[: model.queries.total].mean())
    print(f"  {label}: {queries:,} queries, {looks / queries:.1f} looks and {moves:.2f} moves each")
    links = _links(model)
    cut = {"at random": 0.5, "by the Fiedler vector": _bisection_cut(links, model)}
    for name, share in cut.items():
        print(f"    cut in two {name}: {100 * share:.0f} % of links")
    for machines in MACHINES:
        crossing = 1 - 1 / machines
        print(
            f"    {machines:>3} machines, at random: {crossing * looks / queries:5.1f} remote looks a query"
        )


def _links(model: MeshModel) -> npt.NDArray[np.int64]:
    frame = model.links_frame()
    return frame[frame["target"] >= 0][["source", "target"]].to_numpy()


def _bisection_cut(links: npt.NDArray[np.int64], model: MeshModel) -> float:
    """Share of links between the halves of the largest component on either side of its Fiedler vector's median."""
    n = model.spec.n_owners
    matrix = coo_array((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=(n, n))
    graph = nx.from_scipy_sparse_array(matrix.tocsr())
    part = graph.subgraph(max(nx.connected_components(graph), key=len))
    vector = nx.fiedler_vector(part, method="lobpcg", tol=1e-3, seed=1)
    side = dict(zip(part.nodes, vector > np.median(vector), strict=True))
    inside = [(a, b) for a, b in part.edges]
    return float(np.mean([side[a] != side[b] for a, b in inside]))


if __name__ == "__main__":
    main()

"""Side-by-side timings: ratios measured in one run on one machine; absolute figures mean little elsewhere."""

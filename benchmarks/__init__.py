"""The project's own benchmarks: ratios and medians measured in one run, never as timed tests."""

"""View-models of screens: pure functions from KPI values and query results to what a page draws."""

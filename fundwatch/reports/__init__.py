"""What reports say: from KPIs and page queries to a ``fundwatch.documents.Document``. Templates lie under ``reports/<report>``."""

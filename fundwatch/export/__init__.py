"""Files that leave the system: lists as CSV and XLSX, with what their numbers mean."""

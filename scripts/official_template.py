"""Write a fresh DOCX template with the measures of GB/T 9704: python scripts/official_template.py reports/NAME/NAME.docx."""

import sys
from pathlib import Path

from fundwatch.documents.official import official_template

if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(official_template())

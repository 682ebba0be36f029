"""What `gate.py` measures, one module for each question. Nothing here borrows a rule from the library."""

import sys
from pathlib import Path

# The laws and the printer of pages are those of the tests.
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

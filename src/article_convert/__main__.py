"""`python -m article_convert` is the command `article-convert`."""

import sys

from article_convert.cli import main

if __name__ == "__main__":
    sys.exit(main())

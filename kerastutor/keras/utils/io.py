"""Where messages go: to the screen, or to Python's `logging` once interactive logging is disabled."""

import logging
import sys

from .. import config


def print_msg(text):
    """Print `text` as it is, without a line break."""
    if not config.is_interactive_logging_enabled():
        logging.getLogger("keras").info(text.strip())
        return
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:  # a terminal without ━
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.replace("━", "=").encode(encoding, "ignore").decode(encoding))
    sys.stdout.flush()

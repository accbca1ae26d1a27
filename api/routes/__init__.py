"""One resource a file: what is promised over HTTP."""

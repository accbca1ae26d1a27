"""What comes in, read exactly: bodies, JSON, Segment's calls."""

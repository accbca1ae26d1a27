"""The pure core of Regulars: what should happen, and why.

Nothing here reads a clock, a file, a socket, the environment or a random
source. Values come in, values go out, and the same values give the same answer
on every machine (`docs/decisions/0001-the-shape-of-the-house.md`).
"""

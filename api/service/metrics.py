"""What is counted while it runs, for Prometheus."""

from typing import Final

from prometheus_client import Counter, Histogram

CALLS: Final = Counter("regulars_calls", "Calls that were answered, by what came of them", ["status"])
INGEST_SECONDS: Final = Histogram("regulars_ingest_seconds", "Time until a request's events were durable")
DELIVERIES: Final = Counter(
    "regulars_deliveries", "Attempts to deliver, by way and result", ["channel", "result"]
)
POSTPONED: Final = Counter(
    "regulars_timers_postponed", "Times that a member's timers failed and were put off, to be tried again"
)
DIFFERENCES: Final = Counter(
    "regulars_matcher_differences", "Sampled matches in which the network and the reference differed"
)

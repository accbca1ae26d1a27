"""The service: takes events in, has them decided, makes the effects durable, delivers."""

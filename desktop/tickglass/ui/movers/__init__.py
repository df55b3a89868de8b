"""The movers of an exchange: what rose, fell and was traded most."""

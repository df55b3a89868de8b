"""What a person asked to be told, and when it happens."""

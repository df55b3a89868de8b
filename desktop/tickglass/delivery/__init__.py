"""How an alert reaches a person."""

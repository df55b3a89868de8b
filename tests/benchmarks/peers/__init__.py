"""The rivals: small clients that read the same feed in another way."""

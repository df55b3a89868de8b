"""The order book on the screen: as a ladder, as a curve of depth, and as heat over time."""

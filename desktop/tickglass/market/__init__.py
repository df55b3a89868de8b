"""What a market is: instruments, events, books, candles. Plain Python and numpy."""

"""Makes the sounds of alerts: two soft notes, rising for up and falling for down."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "sounds"
RATE = 22_050
LOW, HIGH = 587.33, 880.0  # Hz: D5 and A5, a fifth apart
NOTE = 0.16  # s from one note to the next
LENGTH = 0.55  # s
LOUDNESS = 0.32
ATTACK, FADE = 0.012, 0.11  # s
OVERTONE = 0.25


def main() -> None:
    """Write both files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(FOLDER / "up.wav", (LOW, HIGH))
    write(FOLDER / "down.wav", (HIGH, LOW))


def write(path: Path, notes: tuple[float, float]) -> None:
    """Write two notes as 16-bit mono."""
    samples = [sample(index / RATE, notes) for index in range(int(LENGTH * RATE))]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", round(each * 32_767)) for each in samples))


def sample(time: float, notes: tuple[float, float]) -> float:
    """Both notes at a moment, each struck and fading."""
    return sum(struck(time - place * NOTE, pitch) for place, pitch in enumerate(notes))


def struck(time: float, pitch: float) -> float:
    """One note so long after it was struck."""
    if time < 0:
        return 0.0
    shape = min(1.0, time / ATTACK) * math.exp(-time / FADE)
    tone = math.sin(math.tau * pitch * time) + OVERTONE * math.sin(2 * math.tau * pitch * time)
    return LOUDNESS * shape * tone


if __name__ == "__main__":
    main()

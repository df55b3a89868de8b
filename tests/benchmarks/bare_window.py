"""The floor: an empty Qt window with numpy loaded; its time to the first paint and its memory."""

import json
import sys

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from tickglass.stats import process_age, rss_mb


class Window(QMainWindow):
    """Remembers when it was first painted."""

    painted: float | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted = self.painted or process_age() * 1000


def main() -> None:
    """Show the window for a second."""
    application = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1240, 800)
    window.show()
    QTimer.singleShot(1_000, application.quit)
    application.exec()
    held = np.zeros(1_000)
    print(json.dumps({"painted_ms": window.painted, "rss_mb": rss_mb(), "held": len(held)}))


if __name__ == "__main__":
    main()

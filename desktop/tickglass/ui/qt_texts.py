"""Qt's own texts in the chosen language: the buttons of dialogs, the menus of text fields."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

CATALOGUE, SEPARATOR = "qtbase", "_"

_installed: list[QTranslator] = []


def speak_qt(application: QCoreApplication, language: str) -> bool:
    """Let Qt speak a language from now on; False, and English, if it cannot."""
    while _installed:
        application.removeTranslator(_installed.pop())
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(QLocale(language), CATALOGUE, SEPARATOR, folder):
        return False
    _installed.append(translator)
    return application.installTranslator(translator)

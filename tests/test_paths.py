"""Where files live: the system's folders, or all under one that the person names."""

from pathlib import Path

import platformdirs
import pytest

from tickglass.paths import Paths, find_paths


def test_a_named_folder_holds_everything(tmp_path: Path) -> None:
    paths = find_paths(str(tmp_path))
    assert paths == Paths(tmp_path, tmp_path / "data", tmp_path / "cache", tmp_path / "log")
    assert paths.settings == tmp_path / "settings.toml"
    assert paths.backups == tmp_path / "backups"
    assert paths.window == tmp_path / "window.json"
    assert paths.layouts == tmp_path / "layouts.json"
    assert paths.importing == tmp_path / "importing"
    assert paths.drawings == tmp_path / "data" / "drawings.json"
    assert paths.last_prices == tmp_path / "data" / "last_prices.json"
    assert paths.saved_settings == tmp_path / "data" / "settings-saved.toml"


def test_the_variable_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKGLASS_CONFIG_DIR", str(tmp_path / "x"))
    assert find_paths().settings == tmp_path / "x" / "settings.toml"


def test_the_option_comes_before_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKGLASS_CONFIG_DIR", str(tmp_path / "variable"))
    assert find_paths(str(tmp_path / "option")).config == tmp_path / "option"


def test_a_relative_folder_and_a_home_are_made_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert find_paths("here").config == tmp_path / "here"
    assert find_paths("~/there").config == tmp_path / "home" / "there"


@pytest.mark.parametrize("value", [None, ""])
def test_without_either_the_systems_folders_are_used(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv("TICKGLASS_CONFIG_DIR")
    else:
        monkeypatch.setenv("TICKGLASS_CONFIG_DIR", value)
    paths = find_paths()
    assert paths.config == Path(platformdirs.user_config_dir("tickglass", appauthor=False))
    assert paths.data == Path(platformdirs.user_data_dir("tickglass", appauthor=False))
    assert paths.cache == Path(platformdirs.user_cache_dir("tickglass", appauthor=False))
    assert paths.log == Path(platformdirs.user_log_dir("tickglass", appauthor=False))


def test_finding_paths_makes_no_folder(tmp_path: Path) -> None:
    find_paths(str(tmp_path / "new"))
    assert list(tmp_path.iterdir()) == []

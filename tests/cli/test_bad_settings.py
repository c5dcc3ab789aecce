"""What an operator reads when a setting, the port, the data folder or the overrides cannot work."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bot.env_file import read_env_file
from bot.settings import Settings, SettingsError, load_settings, signing_secret

Bot = Callable[..., Result]
Check = Callable[..., None]

ROOT = Path(__file__).resolve().parents[2]

# Every command that reads the settings, in a form that is right otherwise.
COMMANDS = (
    ("serve",),
    ("train",),
    ("parse", "你好"),
    ("converse",),
    ("chat",),
    ("advise", "--schema"),
    ("case", "list"),
    ("case", "show", "JR1"),
    ("case", "export", "JR1", "--output", "case.json"),
)
WRONG_SETTINGS = (
    ("BOT_PORT", "abc", "must be a whole number"),
    ("BOT_PORT", "99999", "from 1 to 65535, not 99999"),
    ("BOT_PORT", "0", "from 1 to 65535"),
    ("BOT_MAX_FILE_MB", "-1", "must be more than 0"),
    ("BOT_TURN_TIMEOUT_S", "nan", "must be more than 0"),
    ("BOT_TURN_TIMEOUT_S", "soon", "must be a number"),
    ("BOT_LOG_LEVEL", "LOUD", "one of DEBUG, INFO, WARNING, ERROR, not 'LOUD'"),
)


@pytest.mark.parametrize(("name", "value", "says"), WRONG_SETTINGS)
def test_wrong_setting_is_named(bot: Bot, one_sentence: Check, name: str, value: str, says: str) -> None:
    one_sentence(bot("case", "list", **{name: value}), name, says, "in the environment or in .env")


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_says_so(bot: Bot, one_sentence: Check, command: tuple[str, ...]) -> None:
    one_sentence(bot(*command, BOT_PORT="abc"), "BOT_PORT")


def test_two_wrong_settings_are_both_named(bot: Bot, one_sentence: Check) -> None:
    one_sentence(bot("case", "list", BOT_PORT="abc", BOT_MAX_FILES="0"), "BOT_PORT", "BOT_MAX_FILES")


def test_empty_settings_mean_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOT_DATA_DIR", "BOT_OVERRIDES_DIR", "BOT_PORT", "BOT_LOG_LEVEL"):
        monkeypatch.setenv(name, " ")
    settings = load_settings()
    assert (settings.data_dir, settings.overrides_dir) == (Path("var"), None)
    assert (settings.port, settings.log_level) == (5080, "WARNING")


ENV_FILES = (
    ("BOT_HOST=主机".encode("gbk"), ".env is not UTF-8"),
    (b"BOT_PORT=1\nsecret words", "line 2 of .env is not NAME=value"),
    (b"BOT_PROT=5080", "BOT_PROT, which is no setting"),
    (b"BOT_MAX_FILES=many", "BOT_MAX_FILES must be a whole number"),
)


@pytest.mark.parametrize(("content", "says"), ENV_FILES, ids=[says for _, says in ENV_FILES])
def test_wrong_env_file(bot: Bot, one_sentence: Check, tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / ".env").write_bytes(content)
    result = bot("case", "list")
    one_sentence(result, says)
    assert "secret words" not in result.stderr


def test_env_file_that_cannot_be_read(bot: Bot, one_sentence: Check, tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    one_sentence(bot("case", "list"), ".env cannot be read")


def test_example_env_file_holds_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    defaults = load_settings()
    example = (ROOT / ".env.example").read_text(encoding="utf-8").replace("# BOT_", "BOT_")
    (tmp_path / ".env").write_text(example, encoding="utf-8")
    assert load_settings() == defaults
    assert {f"BOT_{name.upper()}" for name in Settings.__fields__} == set(read_env_file(tmp_path / ".env"))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=a b # note", "a b"),
        ("export NAME = 'a # b'  # note", "a # b"),
        ('NAME="$HOME"', "$HOME"),
        ("NAME=# note", ""),
        ("NAME=pa#ss", "pa#ss"),
        ("\ufeffNAME=x=y", "x=y"),
        ("NAME='", "'"),
    ],
)
def test_env_file_line(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n\n  # NAME=comment\n", encoding="utf-8")
    assert read_env_file(tmp_path / ".env") == {"NAME": value}


def test_environment_counts_more_than_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("BOT_PORT=6001\nBOT_HOST=0.0.0.0\nOTHER=1\n")
    monkeypatch.setenv("BOT_PORT", "6002")
    assert (load_settings().port, load_settings().host, load_settings(port=6003).port) == (
        6002,
        "0.0.0.0",
        6003,
    )


@pytest.mark.parametrize("option", [("--port", "99999"), ("--port", "0"), ("--port", "abc"), ("--prot", "1")])
def test_wrong_option_is_a_usage_error(bot: Bot, option: tuple[str, str]) -> None:
    result = bot("serve", *option)
    assert result.exit_code == 2
    assert option[0] in result.stderr and "Traceback" not in result.stderr


@pytest.mark.usefixtures("no_training")
def test_port_in_use(bot: Bot, one_sentence: Check) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one_sentence(
            bot("serve", "--port", port), f"127.0.0.1:{port}", "in use", "choose another with --port"
        )


@pytest.mark.parametrize("host", ["192.0.2.1", "." * 70, "no such host"])
def test_host_that_is_not_ours(bot: Bot, one_sentence: Check, host: str) -> None:
    one_sentence(bot("serve", "--host", host), "address of this machine", "--host 127.0.0.1")


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize(
    ("url", "says"),
    [("mysql://u:geheim@host/db", "SQLite or PostgreSQL"), ("geheim", "is not an address")],
)
def test_database_address(bot: Bot, one_sentence: Check, url: str, says: str) -> None:
    result = bot("serve", BOT_DATABASE_URL=url)
    one_sentence(result, "BOT_DATABASE_URL", says)
    assert "geheim" not in result.stderr, "the address may hold a password"


@pytest.mark.usefixtures("no_training")
def test_short_secret(bot: Bot, one_sentence: Check) -> None:
    one_sentence(bot("serve", BOT_SECRET="kurz"), "BOT_SECRET is too short", "32 characters")


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("kept", [b"", b"abc", "密".encode() * 30])
def test_damaged_kept_secret_is_never_used(bot: Bot, one_sentence: Check, data: Path, kept: bytes) -> None:
    (data / "secret").write_bytes(kept)
    one_sentence(bot("serve"), "secret", "damaged", "delete it")
    assert (data / "secret").read_bytes() == kept


def test_kept_secret_stays_and_is_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    first = signing_secret(settings)
    assert len(first) == 64
    assert signing_secret(settings) == first
    assert [(one.name, one.stat().st_mode & 0o777) for one in settings.data_dir.iterdir()] == [
        ("secret", 0o600)
    ]


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize(
    "command", [("serve",), ("converse",), ("chat",), ("case", "list"), ("case", "show", "x")]
)
@pytest.mark.parametrize("below", ["", "below", "far/below"])
def test_file_in_place_of_the_data_folder(
    bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, ...], below: str
) -> None:
    file = tmp_path / "file"
    file.write_text("precious")
    one_sentence(
        bot(*command, BOT_DATA_DIR=str(file / below)), str(file), "a file, not a folder", "BOT_DATA_DIR"
    )
    assert file.read_text() == "precious"


def test_read_only_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A right that root has anyway: the system's answer is staged.
    monkeypatch.setattr("bot.settings.os.access", lambda *_args: False)
    from bot.settings import make_data_dir

    with pytest.raises(SettingsError, match=r"not writable for this user.*BOT_DATA_DIR"):
        make_data_dir(Settings(data_dir=tmp_path))


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("command", [("serve",), ("converse",), ("advise", "--schema")])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a: [", "windows.yml"),
        ("- a list", "windows.yml"),
        ("T-99: {name: 5", "not valid YAML"),
        ("\udcff", "UTF-8"),
    ],
)
def test_broken_overrides(
    bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, ...], content: str, says: str
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "windows.yml").write_bytes(content.encode("utf-8", "surrogateescape"))
    one_sentence(
        bot(*command, BOT_OVERRIDES_DIR=str(folder)), "BOT_OVERRIDES_DIR", says.replace("UTF-8", "utf-8")
    )
    assert not (tmp_path / "var").exists(), "a start that fails leaves nothing behind"


def test_overrides_folder_that_is_not_there(bot: Bot, one_sentence: Check, tmp_path: Path) -> None:
    result = bot("advise", "--schema", BOT_OVERRIDES_DIR=str(tmp_path / "nowhere"))
    one_sentence(result, "BOT_OVERRIDES_DIR", "no folder")

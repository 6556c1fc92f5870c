#!/usr/bin/env bash
# swift.sh - Swift 6 with SwiftPM and its tests, from Debian packages only.
#
#   swift.sh setup                  fill the cache, print what is in it
#   swift.sh run DIR COMMAND...     any command in the Swift root, with DIR as /src
#   swift.sh swift DIR COMMAND...   `swift COMMAND...` in it (build, test, run), with a cache that stays
#
# Environment
#   CRM_TOOLCHAINS   cache folder (default $HOME/.cache/crm-toolchains)
#   SWIFT_SUITE      Debian suite to take swiftlang from (default: trixie)
#
# How: Debian 12 has no Swift, Debian 13 has. Debian 13's swiftlang and all it depends on are fetched by apt
# with a state folder of its own (the machine's apt is neither changed nor asked to install anything; apt checks
# signatures as always), unpacked with dpkg-deb into a folder, and used through chroot in a mount
# namespace of its own, so that nothing stays mounted. No maintainer script runs. The archive's address is read
# from the machine's apt configuration at run time. As a user other than root it uses a user namespace.
set -euo pipefail

SUITE=${SWIFT_SUITE:-trixie}
CACHE=${CRM_TOOLCHAINS:-$HOME/.cache/crm-toolchains}
TOP=$CACHE/swift
ROOT=$TOP/root-$SUITE
# gcc brings crt files and libgcc, libc6-dev + linux-libc-dev the Glibc module, libstdc++ for static linking;
# base-files the /lib and /lib64 links; the rest is for SwiftPM and for scripts in the root.
PACKAGES="swiftlang libc6-dev linux-libc-dev libstdc++-14-dev gcc binutils base-files bash dash coreutils grep sed"
say() { echo "swift.sh: $*" >&2; }
die() { say "$*"; exit 2; }

# shellcheck disable=SC2016
INSIDE='
  PATH=$PATH:/usr/sbin:/sbin; root=$1 dir=$2; shift 2
  mount --rbind /proc "$root/proc"; mount --rbind /dev "$root/dev"; mount --bind "$dir" "$root/src"
  exec chroot "$root" /usr/bin/env -i PATH=/usr/bin HOME=/tmp LANG=C.UTF-8 sh -c "cd /src && exec \"\$@\"" sh "$@"
'
# enter DIR COMMAND...: run in the root with DIR at /src
enter() {
  local dir; dir=$(realpath "$1"); shift
  local -a ns=(--mount --fork); [ "$(id -u)" = 0 ] || ns+=(--user --map-root-user)
  mkdir -p "$ROOT"/{proc,dev,tmp,src}
  unshare "${ns[@]}" sh -ec "$INSIDE" sh "$ROOT" "$dir" "$@"
}

# The deb822 source for $SUITE, with the archive that this machine already uses.
source_stanza() {
  local uri
  # shellcheck disable=SC2016
  uri=$(apt-get indextargets --format '$(REPO_URI)|$(COMPONENT)' 'Identifier: Packages' |
    sed -nE 's#^(.*/debian/?)\|main$#\1#p' | head -1)
  [ -n "$uri" ] || die "no Debian archive in this machine's apt sources"
  printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' "$uri" "$SUITE" \
    /usr/share/keyrings/debian-archive-keyring.gpg
}

setup() {
  [ -e "$ROOT/.ok" ] && return 0
  mkdir -p "$TOP"
  (flock 9; [ -e "$ROOT/.ok" ] || install_root) 9>"$TOP/lock"     # two runs may start at once
}

install_root() {
  local w; w=$(mktemp -d "$TOP/new.XXXXXX"); chmod 755 "$w"
  # shellcheck disable=SC2064
  trap "rm -rf '$w'" EXIT
  mkdir -p "$w"/apt/{lists/partial,cache/archives/partial,parts} "$w/root"
  touch "$w/apt/status"
  source_stanza >"$w/apt/parts/swift.sources"
  cat >"$w/apt/apt.conf" <<CONF
Dir::State "$w/apt";
Dir::State::lists "$w/apt/lists";
Dir::State::status "$w/apt/status";
Dir::Cache "$w/apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$w/apt/parts";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Log "$w/apt";
APT::Sandbox::User "$(id -un)";
APT::Architecture "$(dpkg --print-architecture)";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
CONF
  say "reading the index of $SUITE"
  APT_CONFIG=$w/apt/apt.conf apt-get -qq update
  say "fetching swiftlang and what it depends on (about 550 MB)"
  # shellcheck disable=SC2086
  APT_CONFIG=$w/apt/apt.conf apt-get -qq -y -d --no-install-recommends install $PACKAGES >"$w/apt/log"

  say "unpacking"
  local -a skip=(
    --exclude='./usr/libexec/swift/lib/liblldb*' --exclude='./usr/libexec/swift/bin/lldb*'
    --exclude='./usr/libexec/swift/lib/libsourcekitd*' --exclude='./usr/libexec/swift/bin/sourcekit-lsp'
    --exclude='./usr/libexec/swift/bin/clangd' --exclude='./usr/libexec/swift/bin/docc'
    --exclude='./usr/libexec/swift/bin/swift-format' --exclude='./usr/libexec/swift/bin/lld'
    --exclude='./usr/libexec/swift/lib/libLTO*' --exclude='./usr/libexec/swift/lib/swift/embedded'
    --exclude='./usr/libexec/swift/lib/swift_static' --exclude='./usr/share/doc' --exclude='./usr/share/locale'
    --exclude='./usr/share/man')
  local d
  # base-files first: its /lib, /lib64, /bin links must be there before anything is put under them
  for d in "$w"/apt/cache/archives/base-files_*.deb "$w"/apt/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$d" | tar -x -C "$w/root" --no-same-owner --keep-directory-symlink "${skip[@]}"
    basename "$d" .deb | sed -nE 's/^((lib)?swiftlang|gcc-14|libc6)_([^_]*)_.*/\1 \3/p'
  done | sort >"$w/root/.versions"
  touch "$w/root/.ok"
  rm -rf "$ROOT"; mv "$w/root" "$ROOT"     # the rest of $w, archive address included, goes with the trap
}

case ${1:-} in
  setup) setup; cat "$ROOT/.versions"; du -sh "$ROOT" | cut -f1 ;;
  run) shift; setup; enter "$@" ;;
  swift) dir=$2 command=$3; shift 3; setup; enter "$dir" "/usr/libexec/swift/bin/swift-$command" --disable-sandbox "$@" ;;
  *) sed -n '2,10p' "$0" | cut -c3-; exit 2 ;;
esac

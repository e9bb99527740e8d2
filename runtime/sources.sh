#!/bin/sh
# Run while the image is built: where Debian's packages come from, when the release of the base image has left Debian's
# mirrors. Its packages are in Debian's archive then, signed as before, but past the date that apt would look at.
# Argument: the root of the file system, for tests.
set -eu
root=${1:-}

# shellcheck source=/dev/null
release=$(. "$root/etc/os-release" && echo "${VERSION_CODENAME:-}")
case "$release" in
  stretch | buster) ;;
  *) exit 0 ;;
esac

for list in "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d"/*.list; do
  [ -e "$list" ] || continue
  # A release that gets no more updates has no folder for them there.
  sed -i -e 's,//\(deb\|ftp[a-z.]*\|httpredir\|security\)\.debian\.org/,//archive.debian.org/,' -e "/ $release-updates /d" "$list"
done
echo 'Acquire::Check-Valid-Until "false";' > "$root/etc/apt/apt.conf.d/99archived"

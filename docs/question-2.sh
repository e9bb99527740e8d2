#!/bin/sh
# Measures question 2 of the lab: what an action costs that installs what it needs when it is invoked, beside one whose runtime
# and libraries were prepared. Both are measured in turns, so what counts is their ratio.
#
#   docs/question-2.sh [DATA-FOLDER]     as root, with `npm start` running in another terminal, and curl, wsk, debootstrap
#
# Installing: in a fresh Debian of the runtime image's release (made once, by debootstrap; not counted), what runtime/Dockerfile
# and the zips of the actions hold. Prepared: `wsk action update` makes a new version of an action, whose next call is a cold start.
set -eu
cd "$(dirname "$0")/.."
data=${1:-.pdfmagic}
export WSK_CONFIG_FILE="$data/.wskprops"
base=/var/tmp/pdfmagic-question-2
root=$base.root
trap 'umount "$root/proc" 2> /dev/null || true; rm -rf "$root"' EXIT

if [ ! -d "$base" ]; then
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$base.new" > /dev/null
  mv "$base.new" "$base"
fi

# The output `endpoints` of the stack, and the two buckets.
npm run --silent outputs -- --data "$data" --json > "$base.json"
output() { node -pe "JSON.parse(require('fs').readFileSync('$base.json')).$1"; }
url=$(output endpoints.v1) storage=$(output storage) bucket=$(output buckets.in)
curl -sSf -o /dev/null -H 'Content-Type: image/jpeg' --data-binary @examples/photo.jpg \
  "$storage/upload/storage/v1/b/$bucket/o?uploadType=media&name=question-2.jpg"

v1() { curl -sSf -o /dev/null -H 'Content-Type: image/jpeg' --data-binary @examples/photo.jpg "$url"; }
v2() { curl -sSf -o /dev/null --request PUT --data "bucket=$bucket&name=question-2.jpg" "$url"; }
new_version() { wsk action update "pdfmagic/$1" > /dev/null; }

# Inside the Debian.
inside() { chroot "$root" env -u PIP_FIND_LINKS DEBIAN_FRONTEND=noninteractive sh -euc "$1" > "$base.log" 2>&1 || { cat "$base.log" >&2; exit 1; }; }
install_imagemagick() { inside 'apt-get update && apt-get install -y --no-install-recommends imagemagick'; }
install_libraries() { inside "pip=/venv/bin/pip; python3 -m venv /venv && \$pip install --require-hashes --only-binary :all: -r /pins/$1.txt"; }

fresh() {
  umount "$root/proc" 2> /dev/null || true
  rm -rf "$root"
  cp -a "$base" "$root"
  mkdir "$root/pins"
  cp actions/requirements/*.txt "$root/pins/"
  cp /etc/resolv.conf "$root/etc/"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" # a network with a certificate of its own works, too
  mount -t proc proc "$root/proc"
}

# Prints how many milliseconds a command takes.
timed() {
  start=$(date +%s%3N)
  "$@"
  echo $(($(date +%s%3N) - start))
}

for round in 1 2 3; do
  fresh
  apt=$(timed install_imagemagick)
  pip1=$(timed install_libraries conversion)
  rm -rf "$root/venv"
  pip2=$(timed install_libraries storage)
  new_version v1; cold1=$(timed v1); warm1=$(timed v1)
  new_version v2; cold2=$(timed v2); warm2=$(timed v2)
  echo "round $round: install imagemagick $apt ms, libraries of v1 $pip1 ms, of v2 $pip2 ms"
  echo "         prepared: v1 cold $cold1 ms, warm $warm1 ms; v2 cold $cold2 ms, warm $warm2 ms"
  echo "         installing is $(((apt + pip1) / cold1)) times the cold start of v1, $(((apt + pip2) / cold2)) times that of v2"
done

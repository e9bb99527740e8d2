#!/bin/sh
# Run while the image is built: a JPEG becomes a PDF, and nothing else is read or written. Argument: a JPEG.
set -eu
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

/usr/bin/convert "$1" "$folder/sample.pdf"
if [ "$(head -c 5 "$folder/sample.pdf")" != '%PDF-' ]; then
  echo 'ImageMagick made no PDF of the sample' >&2
  exit 1
fi

refuse() {
  if /usr/bin/convert "$1" "$2" 2>"$folder/said"; then
    echo "ImageMagick takes $1 to $2, which the policy forbids" >&2
    exit 1
  fi
  if ! grep -q 'not.* allowed\|not authorized\|no decode delegate\|no encode delegate' "$folder/said"; then
    echo "ImageMagick refuses $1 to $2 for another reason than the policy:" >&2
    cat "$folder/said" >&2
    exit 1
  fi
}
printf '%%!PS\nshowpage\n' > "$folder/a.ps"
printf '%%!PS-Adobe-3.0 EPSF-3.0\nshowpage\n' > "$folder/a.eps"
printf 'push graphic-context\npop graphic-context\n' > "$folder/a.mvg"
refuse "ps:$folder/a.ps" "$folder/out.pdf"
refuse "eps:$folder/a.eps" "$folder/out.pdf"
refuse "mvg:$folder/a.mvg" "$folder/out.pdf"
refuse "http://127.0.0.1/a.jpg" "$folder/out.pdf"
refuse "https://127.0.0.1/a.jpg" "$folder/out.pdf"
refuse "pdf:$folder/sample.pdf" "$folder/out.jpg"
refuse "$1" "ps:$folder/out.ps"
refuse "$1" "eps:$folder/out.eps"
refuse "$1" "$folder/out.png"

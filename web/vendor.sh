#!/bin/sh
# Copies the pinned front-end files and their licences from their npm packages into static/vendor and icons.
# To add an icon, put its Tabler name into icons/names.txt and run this again. Running the product needs none of it.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # name version folder
	(cd "$work" && npm pack --silent "$1@$2" >packed && mkdir "$3" && tar -xzf "$(tail -n 1 packed)" -C "$3" --strip-components 1)
}

fetch htmx.org 4.0.1 htmx
fetch @tabler/icons 3.51.0 tabler
fetch @fontsource-variable/inter 5.3.0 inter

mkdir -p static/vendor
cp "$work/htmx/dist/htmx.min.js" static/vendor/htmx.min.js
cp "$work/htmx/LICENSE" static/vendor/htmx.LICENSE
cp "$work/inter/files/inter-latin-wght-normal.woff2" static/vendor/inter.woff2
cp "$work/inter/LICENSE" static/vendor/inter.LICENSE
cp "$work/tabler/LICENSE" icons/LICENSE
rm -f icons/*.svg
while read -r name; do
	cp "$work/tabler/icons/outline/$name.svg" "icons/$name.svg"
done <icons/names.txt

if [ "${1-}" = "--pin" ]; then
	sha256sum static/vendor/* >vendor.sha256
fi
sha256sum --quiet --check vendor.sha256

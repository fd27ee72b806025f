#!/usr/bin/env bash
# Makes the passwords and the key of the replica set where they are not there yet, each readable by one user only:
# 999 is MongoDB, 65532 is the program.
set -euo pipefail
umask 077

random() { head -c "$1" /dev/urandom | base64 --wrap=0; }

# place FILE OWNER writes standard input; the name appears when the content is complete
place() {
	cat >"$1.part"
	chown "$2" "$1.part"
	mv "$1.part" "$1"
}

[ -e /mongo/keyfile ] || random 512 | place /mongo/keyfile 999:999
[ -e /mongo/root-password ] || random 32 | tr -d '+/=' | place /mongo/root-password 999:999
[ -e /mongo/app-password ] || random 32 | tr -d '+/=' | place /mongo/app-password 999:999
[ -e /app/app-password ] || place /app/app-password 65532:65532 </mongo/app-password

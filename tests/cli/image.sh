# SPDX-License-Identifier: GPL-2.0-or-later
# The OCI image: made twice, what is in it, its size, and that its programs run with nothing else.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
command -v dpkg-query > /dev/null || skip_all 'the licences of libraries are looked up by dpkg'
! grep -q -- -fsanitize "$AAKIT_BUILDDIR/config.status" || skip_all 'the sanitizers have no place in an image'
! are_static || skip_all 'the image is made of programs with their libraries'

fails() { ! "$@"; }
image() { "$AAKIT_SRCDIR/script/image" --programs "$AAKIT_BUILDDIR" "$@" > out 2> err; }
# documented PROGRAM: with what documents call it.
documented() {
  local document
  for document in $(documents_with image.sh); do taken image.sh "$document"; done | sed -n "s,^[$] $1 ,,p" | sort -u
}
mkdir build
read -ra words <<< "$(documented script/image)"
ok 'an image, as documents have it' image "${words[@]}"
ok 'its size is told' grep -qE '^build/image\.tar: [0-9]+ files, [0-9.]+ MiB, packed [0-9.]+ MiB$' out
umask 077
export TZ=UTC-14
ok 'another one' image two.tar
cp build/image.tar one.tar
umask 022
unset TZ
ok 'is the same bytes' cmp one.tar two.tar
ok 'what cannot be taken is told' gives 1 "$AAKIT_SRCDIR/script/image" --programs . three.tar
ok 'and nothing written' test ! -e three.tar

cat > look.py << 'P'
import hashlib, io, json, pathlib, sys, tarfile
with tarfile.open("one.tar") as tar:
    files = {entry.name: tar.extractfile(entry).read() for entry in tar}
assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
def blob(described):
    data = files.pop("blobs/sha256/" + described["digest"].removeprefix("sha256:"))
    assert "sha256:" + hashlib.sha256(data).hexdigest() == described["digest"] and len(data) == described["size"]
    return data
index = json.loads(files.pop("index.json"))
manifest = json.loads(blob(index["manifests"][0]))
config = json.loads(blob(manifest["config"]))
layer = blob(manifest["layers"][0])
assert set(files) == {"oci-layout"}, files.keys()
with tarfile.open(fileobj=io.BytesIO(layer), mode="r:gz") as tar:
    entries = tar.getmembers()
    assert all(entry.uid == entry.gid == 0 and entry.mtime == 0 for entry in entries)
    assert all(entry.isdir() or entry.isfile() and entry.mode in (0o755, 0o644) for entry in entries)
    assert sum(entry.size for entry in entries) < 12 << 20 and len(layer) < 5 << 20
    pathlib.Path("root").mkdir()
    tar.extractall("root")
settings = config["config"]
assert settings["Entrypoint"] == ["/usr/sbin/aa-register"] and settings["Cmd"] == ["watch", "/profiles"] and settings["User"] == "0:0"
labels = settings["Labels"]
assert labels == manifest["annotations"]
assert labels["org.opencontainers.image.version"] == sys.argv[1] and "GPL-2.0-or-later" in labels["org.opencontainers.image.licenses"]
P
ok 'its blobs are what their digests say, its labels tell version and licences' gives 0 python3 look.py \
  "$(sed -n 's/^AC_INIT(\[aakit\], \[\(.*\)\])$/\1/p' "$AAKIT_SRCDIR/configure.ac")"
ok 'every library has its licence' test "$(find root/usr/share/doc -name copyright | wc -l)" -ge 10
ok 'and so has aakit' test -s root/usr/share/doc/aakit/GPL-2.0-or-later.txt
ok 'no path of the build is in its programs' fails grep -qaF "$AAKIT_BUILDDIR" root/usr/sbin/aa-register
if command -v skopeo > /dev/null; then
  read -ra words <<< "$(documented skopeo)"
  words[-1]=${words[-1]/#docker:\/\/registry.example\//oci:} # a directory in the place of a registry
  ok 'skopeo copies it, as documents have it' gives 0 skopeo "${words[@]}"
  ok 'under its name' grep -qF "\"org.opencontainers.image.ref.name\":\"${words[-1]##*:}\"" aakit/index.json
else
  skip 'skopeo copies it' 'skopeo is not installed'
fi

# The loader of the image is told to take its libraries, and only these.
loader=$(find root/lib64 root/lib -name 'ld-linux*' | head -n 1)
inside() {
  local program=$1
  shift
  "$scratch/$loader" --inhibit-cache --library-path "$scratch/root/lib/$(gcc -print-multiarch):$scratch/root/usr/lib/$(gcc -print-multiarch)" \
    "$scratch/root/usr/$program" "$@"
}
for program in sbin/aa-register bin/aa-learn sbin/apparmor_parser; do
  ok "$program runs with the libraries of the image" gives 0 inside "$program" --version
done
[ "$(id -u)" -ne 0 ] || ok 'and in it' gives 0 chroot root /usr/sbin/aa-register --version
make_node node
put_profile web k8s-web '' /web
printf 'include <tunables/global>\nprofile k8s-base {\n  include <abstractions/base>\n}\n' > base
export AAKIT_APPARMOR_BASE=$scratch/root/usr/share/aakit/apparmor.d
ok 'texts are compiled with what the image includes' gives 0 aa-register --root node web base
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# What is widened is weighed against the container's root filesystem, where that is given or found.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
cp -r "$AAKIT_SRCDIR/tests/nodes/web" node
chmod -R u+w node
bundle=$(dirname "$(grep -l '"apparmorProfile": *"k8s-web"' node/run/containerd/io.containerd.runtime.v2.task/k8s.io/*/config.json)")

# The files that the recorded container had, as its list says.
image() {
  mkdir -p "$1"
  awk '$1 == "d" { print $2 }' node/container-files.txt | while read -r dir; do mkdir -p "$1$dir"; done
  awk '$1 == "f" { print $2 }' node/container-files.txt | while read -r file; do : > "$1$file"; done
}
image rootfs

# says TEXT FILE NAME: FILE has the line TEXT.
says() {
  grep -qxF -- "$1" "$2"
  result $? "$3" || diag < "$2"
}

run aa-learn --pod web --root node -o out --rootfs rootfs -q
exits 0 'record --rootfs'
says '  /var/www/html/**.html r,  # content: 9 files, 14 events, 1 run; 9 more in the image' out/k8s-web \
  'a rule says what it admits beyond what was seen'
grep -q '^- {pattern: "/var/www/html/\*\*\.html", files: 18, read: 9}$' out/k8s-web.learned.yaml
result $? 'the state keeps what was counted' || grep -n pattern out/k8s-web.learned.yaml | diag
run aa-learn profile out/k8s-web.learned.yaml
cmp -s "$scratch/out" out/k8s-web
result $? 'the profile depends on the state alone'
run aa-learn profile --rootfs rootfs "$AAKIT_SRCDIR/tests/cases/web/expected/files/k8s-web.learned.yaml"
cmp -s "$scratch/out" out/k8s-web
result $? 'profile --rootfs weighs a state that was not'

# More of a library than was read, and a key beside the pages.
: > rootfs/lib/x86_64-linux-gnu/libz.so.1.3.1
: > rootfs/var/www/html/password.css
run aa-learn profile --rootfs rootfs "$AAKIT_SRCDIR/tests/cases/web/expected/files/k8s-web.learned.yaml"
says '  /lib/x86_64-linux-gnu/libz.so.1.2.13 rm,' "$scratch/out" 'a pattern that admits another file is not used'
says '  /var/www/html/style.css r,' "$scratch/out" 'nor one that admits a secret'
says '  /var/www/html/**.html r,  # content: 9 files, 14 events, 1 run; 9 more in the image' "$scratch/out" 'others are'

# The bundle tells where the root filesystem is, and below --root it lies there.
image "$bundle/rootfs"
run aa-learn --pod web --root node -o found -q
cmp -s found/k8s-web out/k8s-web
result $? 'the root filesystem of a bundle is found'
cp -r found before
run aa-learn --pod web --root node -o found -q
diff -r before found > differences 2>&1
result $? 'weighed again, nothing changes' || diag < differences

: > "$bundle/rootfs/lib/x86_64-linux-gnu/libz.so.1.3.1"
run aa-learn --pod web --root node -o other -q
run aa-learn show --why /lib/x86_64-linux-gnu/libz.so.1.2.13 other/k8s-web.learned.yaml
says '  not widened to /lib/x86_64-linux-gnu/libz.so.[0-9]*, which would admit 1 file more of the image' "$scratch/out" \
  'show --why tells what was refused'
run aa-learn show --json --why /lib/x86_64-linux-gnu/libz.so.1.2.13 other/k8s-web.learned.yaml
grep -q '"refused_others" *: *1' "$scratch/out"
result $? 'and as JSON' || diag < "$scratch/out"
run aa-learn show --why /var/www/html/index.html other/k8s-web.learned.yaml
says '  it admits 9 files more of the image' "$scratch/out" 'and what a rule admits'

run aa-learn merge -o merged.learned.yaml found/k8s-web.learned.yaml other/k8s-web.learned.yaml
run aa-learn profile merged.learned.yaml
says '  /lib/x86_64-linux-gnu/libz.so.1.2.13 rm,' "$scratch/out" 'of two images the heavier one counts'

refuses 1 'missing' 'a root filesystem that is not there' aa-learn profile --rootfs missing out/k8s-web.learned.yaml
finish

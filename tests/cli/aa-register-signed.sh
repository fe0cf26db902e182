# SPDX-License-Identifier: GPL-2.0-or-later
# Bundles that are signed by aa-compile --sign, and what aa-register --verify-key takes of them.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || skip_all 'apparmor_parser is not installed'

node=$scratch/node
make_node "$node"
mkdir -p "$node/etc" "$node/var/lib"
watch=("$scratch/work" "$node/etc" "$node/sys" "$node/var/lib")
mkdir texts
put_profile texts/web k8s-web '' /web
put_profile texts/db k8s-db '' /db
compile=(aa-compile texts -o bundle --root "$node")

# The keys of RFC 8032, section 7.1, as 'openssl genpkey' and 'openssl pkey -pubout' write them.
put_key() {
  printf -- '-----BEGIN %s KEY-----\n%s\n-----END %s KEY-----\n' "$2" "$3" "$2" > "$1"
  chmod 600 "$1"
}
put_key key PRIVATE MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
put_key pub PUBLIC MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
put_key other PRIVATE MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7
put_key other-pub PUBLIC MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=
key_id=06e3fd8fda29bb60
register=(aa-register --root "$node" --verify-key pub)

# --- signing
run "${compile[@]}"
exits 0 'a bundle without a signature'
[ ! -e bundle/manifest.yaml.sig ]
result $? 'has none'
run "${compile[@]}" --sign key
exits 0 'it is signed later'
says "signed by key $key_id" 'which is told'
prints '0 compiled, 2 unchanged' 'and nothing is compiled for that'
sed -n 1p bundle/manifest.yaml.sig | grep -qx aakit/signature/1
result $? 'the form of the file'
[ "$(wc -l < bundle/manifest.yaml.sig)" -eq 2 ] && grep -qE "^ed25519 $key_id [A-Za-z0-9+/]{86}==$" bundle/manifest.yaml.sig
result $? 'a line for the key'
before=$(listing bundle)
run "${compile[@]}" --sign key
prints 'nothing to change' 'signing again changes nothing'
run "${compile[@]}"
prints 'nothing to change' 'building without a key keeps the signature'
[ "$before" = "$(listing bundle)" ]
result $? 'really nothing changed'
run aa-compile texts -o second --root "$node" --sign key
cmp -s bundle/manifest.yaml.sig second/manifest.yaml.sig
result $? 'the same inputs and key, the same signature'
run "${compile[@]}" --sign other --sign key -q
[ "$(grep -c ed25519 bundle/manifest.yaml.sig)" -eq 2 ]
result $? 'two keys, two lines'
run "${compile[@]}" --sign key -q
cmp -s bundle/manifest.yaml.sig second/manifest.yaml.sig
result $? 'and one again'
rm bundle/manifest.yaml.sig
run "${compile[@]}" --sign key
exits 0 'a signature that is missing is made again'
cmp -s bundle/manifest.yaml.sig second/manifest.yaml.sig
result $? 'the same one'
if openssl pkeyutl -help 2>&1 | grep -q rawin; then
  sed -n "s/^ed25519 $key_id //p" bundle/manifest.yaml.sig | base64 -d > raw
  openssl pkeyutl -verify -pubin -inkey pub -rawin -in bundle/manifest.yaml -sigfile raw > "$scratch/out" 2>&1
  result $? 'OpenSSL agrees'
  openssl genpkey -algorithm ed25519 -out fresh 2> /dev/null
  openssl pkey -in fresh -pubout -out fresh-pub 2> /dev/null
  run aa-compile texts -o second --root "$node" --sign fresh -q
  exits 0 'a key of OpenSSL'
  run aa-register --root "$node" --verify-key fresh-pub --dry-run second
  exits 0 'and its public half'
  openssl pkey -in fresh -aes256 -passout pass:secret -out locked 2> /dev/null
  chmod 600 locked
  refuses 5 'locked: .*passphrase.*openssl pkey' 'a key with a passphrase' "${compile[@]}" --sign locked
else
  skip 'OpenSSL agrees' 'this openssl cannot verify ed25519'
fi
refuses 5 'pub: .*public key' 'a public key to sign with' "${compile[@]}" --sign pub
refuses 1 'nothere: No such file' 'a key that is missing' "${compile[@]}" --sign nothere
chmod 640 key
refuses 5 'key: others can read this private key \(mode 0640\).*chmod 600' 'a key that others can read' "${compile[@]}" --sign key
chmod 600 key

# --- checking
run "${register[@]}" --dry-run bundle
exits 0 'a signed bundle'
run aa-register --root "$node" --verify-key other-pub --verify-key pub --dry-run bundle
exits 0 'one of several keys'
refuses 5 "signed by $key_id, none of which" 'another key' aa-register --root "$node" --verify-key other-pub bundle
refuses 5 'key: this is a private key' 'a private key to verify with' aa-register --root "$node" --verify-key key bundle
chmod 666 pub
refuses 5 'pub: others can write to it' 'a key that others can write to' "${register[@]}" bundle
chmod 644 pub
# altered CODE REGEX NAME COMMAND...: a copy of the bundle, altered by the command, is refused.
altered() {
  local regex=$1 name=$2
  shift 2
  rm -rf altered
  cp -r bundle altered
  "$@"
  refuses 5 "$regex" "$name" "${register[@]}" altered
}
id=$("$AAKIT_BUILDDIR/aa-register" features -q --root "$node")
altered 'altered/manifest.yaml: not signed.*aa-compile --sign' 'no signature' rm altered/manifest.yaml.sig
altered 'manifest.yaml: is not what key .* has signed' 'a manifest with a byte more' sh -c 'echo >> altered/manifest.yaml'
altered 'manifest.yaml: is not what key .* has signed' 'noise in its place: the signature comes first' \
  sh -c 'head -c 5000 /dev/urandom > altered/manifest.yaml'
altered 'manifest.yaml.sig: not a signature' 'noise as signature' sh -c 'head -c 200 /dev/urandom > altered/manifest.yaml.sig'
altered 'manifest.yaml.sig: not a signature' 'an empty signature' truncate -s 0 altered/manifest.yaml.sig
altered 'symbolic link' 'a signature that is a link' ln -sf "$PWD/bundle/manifest.yaml.sig" altered/manifest.yaml.sig
altered 'k8s-web: (is not what the manifest says|larger than)' 'a longer blob' sh -c "printf x >> altered/$id/k8s-web"
altered 'k8s-web: is not what the manifest says' 'an altered text' sh -c 'echo "# x" >> altered/text/k8s-web'
altered "altered/extra: is not in the signed manifest" 'a file more' touch altered/extra
altered "altered/text/extra: is not in the signed manifest" 'a text more' touch altered/text/extra
altered "altered/$id/extra: is not in the signed manifest" 'a blob more' touch "altered/$id/extra"
altered "altered/0123456789ab: is not in the signed manifest" 'a directory more' mkdir altered/0123456789ab
altered "altered/$id/.sub: is not in the signed manifest" 'a directory below' mkdir "altered/$id/.sub"
rm -rf altered
refuses 5 'texts: no bundle.*--verify-key' 'texts' "${register[@]}" texts
refuses 5 'k8s-web: no bundle.*--verify-key' 'compiled policy' "${register[@]}" "bundle/$id/k8s-web"
refuses 5 'texts: no bundle' 'one bad path of two' "${register[@]}" bundle texts
run "${register[@]}" bundle
exits 0 'and in earnest'
prints '2 added' 'all of it'

# --- a build without the key
put_profile texts/web k8s-web '' /next
run "${compile[@]}"
exits 0 'a change without a key'
says 'not signed any more: --sign' 'drops the signature, and says so'
refuses 5 'not signed' 'and is refused then' "${register[@]}" bundle

# --- an older one
refuses 2 '--serial takes a number from 1' 'a serial that is none' "${compile[@]}" --serial -1
refuses 2 '--serial takes a number' 'one that is too large' "${compile[@]}" --serial 9007199254740992
run "${compile[@]}" --sign key --serial 7 -q
exits 0 'a bundle with a serial'
grep -qx 'serial: 7' bundle/manifest.yaml
result $? 'which is in the manifest'
run "${compile[@]}" --sign key --serial 7
prints 'nothing to change' 'the same again changes nothing'
run aa-compile texts -o second --root "$node" --sign key --serial 7 -q
diff -r -x .inputs bundle second
result $? 'the same inputs and serial, the same bytes'
rm -r second
cp -r bundle seven
run "${register[@]}" bundle
exits 0 'it is registered'
put_profile texts/web k8s-web '' /newer
put_profile texts/new k8s-new '' /newer
run "${compile[@]}" --sign key --serial 8
prints '2 compiled, 1 unchanged' 'a newer one'
run "${register[@]}" bundle
exits 0 'is taken'
[ "$(grep -c 'serial: 8' "$node/var/lib/aakit/registered.yaml")" = 3 ]
result $? 'and remembered, also of what is unchanged'
refuses 1 'k8s-web.*has serial 7, which is older than that of what is registered, 8: say --allow-older' 'the older one is refused' \
  "${register[@]}" seven
run aa-register diff --root "$node" --verify-key pub seven --json
exits 3 'diff tells'
fits 'as JSON of its schema'
run aa-compile texts -o none --root "$node" --sign key -q
refuses 1 'has serial 0, which is older' 'one without a serial too' "${register[@]}" none
mkdir one
cp texts/db one
run aa-compile one -o one.bundle --root "$node" --sign key --serial 7 -q
run aa-register rm --root "$node" k8s-db
run "${register[@]}" one.bundle
exits 0 'what is not registered is taken from any'
refuses 1 'k8s-new.*registered from a newer bundle, of serial 8: say --allow-older' 'but with it nothing newer goes' \
  "${register[@]}" --prune one.bundle
run aa-register --root "$node" seven
exits 0 'without a key nothing is asked'
run "${register[@]}" bundle
exits 0 'the newer one again'
refuses 1 'has serial 7' 'after which the older one is refused still' "${register[@]}" seven
run "${register[@]}" --allow-older --prune seven
exits 0 'unless it is meant'
run "${register[@]}" seven
prints 'nothing to change' 'and then it stays'
sed 's/^serial: 7/serial: x/' seven/manifest.yaml > seven/changed && mv seven/changed seven/manifest.yaml
refuses 5 'manifest.yaml:4:9: a number was expected' 'a serial that is no number' aa-register --root "$node" seven
rm -r seven none one one.bundle texts/new
run "${compile[@]}" --sign key -q
run "${register[@]}" --allow-older bundle
exits 0 'back to none'
put_profile texts/web k8s-web '' /watched

# --- watch
run "${compile[@]}" --sign key -q
"$AAKIT_BUILDDIR/aa-register" watch --root "$node" --json --settle 50 --verify-key pub bundle > "$scratch/log" 2> "$scratch/err" &
pid=$!
trap 'kill -KILL "$pid" 2> /dev/null; drop_scratch' EXIT
soon() {
  local i
  for ((i = 0; i < 600; i++)); do
    grep -qE -- "$1" "$scratch/log" && return
    sleep 0.05
  done
  tail -n 3 "$scratch/log" "$scratch/err" | diag
  return 1
}
soon '"event":"generation".*"k8s-web","action":"replace"'
result $? 'watch takes a signed generation'
put_profile texts/web k8s-web '' /third
run "${compile[@]}" -q
soon '"event":"failed".*not signed'
result $? 'an unsigned one is told'
cmp -s bundle/text/k8s-web "$node/etc/apparmor.d/k8s-web"
[ $? -eq 1 ]
result $? 'and not taken'
run "${compile[@]}" --sign key -q
for ((i = 0; i < 600; i++)); do cmp -s texts/web "$node/etc/apparmor.d/k8s-web" && break; sleep 0.05; done
cmp -s texts/web "$node/etc/apparmor.d/k8s-web"
result $? 'once it is signed it is'
kill -TERM "$pid"
wait "$pid"
result $? 'watch ends'
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# Names with a version: aa-compile, aa-learn profile and patch agree on them, and two versions live side by side.
# shellcheck shell=bash source=tests/cli/tap.sh
. "${AAKIT_SRCDIR:?}/tests/cli/tap.sh"
have_parser || skip_all 'apparmor_parser is not installed'
make_node node
fails() { ! "$@"; }
build() { gives 0 aa-compile --features debian-12-6.1 --versioned "$@" -o bundle; }

mkdir texts
printf 'abi <abi/3.0>,\nprofile k8s-web {\n  /web r,\n  signal peer=k8s-web,\n  ptrace peer=k8s-web//sh,\n}\n' > texts/k8s-web
version=k8s-web-$(sha256sum texts/k8s-web | cut -c 1-8)
ok 'a bundle of versions' build texts
ok 'is of the name with the digest of the text' out_has "compiled   $version "
ok 'so is its text' test -f "bundle/text/$version"
ok 'which names itself so' grep -qx "  signal peer=$version," "bundle/text/$version"
ok 'and its children' grep -qx "  ptrace peer=$version//sh," "bundle/text/$version"
ok 'rules are as they were' grep -qx '  /web r,' "bundle/text/$version"
ok 'nothing is compiled twice' build texts
ok 'since it is the same' out_has 'nothing to change'
ok 'without the option the name has none' gives 0 aa-compile --features debian-12-6.1 texts -o plain
ok 'in a bundle of its own' test -f plain/text/k8s-web

ok 'it is registered' gives 0 aa-register --root node bundle
sed -i 's,/web r,/web2 r,' texts/k8s-web
new=k8s-web-$(sha256sum texts/k8s-web | cut -c 1-8)
ok 'another text is another version' build texts
ok 'with another name' test "$new" != "$version"
ok 'which is registered beside the old one' gives 0 aa-register --root node bundle
ok 'both are loaded' test "$(grep -c '^k8s-web-[0-9a-f]* (enforce)$' node/sys/kernel/security/apparmor/profiles)" -eq 2
cp bundle/text/"$new" texts/k8s-web
ok 'a text with a version' build texts
ok 'gets no second one' test -f "bundle/text/$new"
mkdir odd
put_profile odd/nginx /usr/sbin/nginx '' /x
ok 'a profile that programs attach to has no version' gives 5 aa-compile --features debian-12-6.1 --versioned odd -o odd-bundle
ok 'and is named with its place' err_has 'odd/nginx:2:9: '

# --- what is learned
cp -r "$AAKIT_SRCDIR/tests/nodes/web" recorded
chmod -R u+w recorded
ok 'a state' gives 0 aa-learn --pod web --root recorded -o states
state=states/k8s-web.learned.yaml
aa-learn profile "$state" > learned 2> err
ok 'aa-learn prints it with a version' gives 0 aa-learn profile --versioned "$state"
learned=k8s-web-$(sha256sum learned | cut -c 1-8)
cp out versioned
ok 'of the text that it prints without' grep -q "^profile $learned " versioned
ok 'aa-compile makes the same of the state' build "$state"
ok 'of that name' cmp -s "bundle/text/$learned" versioned
ok 'the patch names the version of a text' gives 0 aa-learn patch --versioned learned "$state"
ok 'in the field' out_has "localhostProfile: \"$learned\""
ok 'or of one that has it already' gives 0 aa-learn patch --versioned versioned "$state"
ok 'the same' out_has "localhostProfile: \"$learned\""
ok 'also where there are several' gives 0 aa-learn patch --versioned plain/text/k8s-web --versioned learned "$state"
ok 'in the annotation' gives 0 aa-learn patch --kubernetes 1.29 --versioned learned "$state"
ok 'as well' out_has "\"localhost/$learned\""
put_profile other k8s-other '' /x
ok 'a text of another label' gives 1 aa-learn patch --versioned other "$state"
ok 'is told' err_has "--versioned: other has no profile 'k8s-web'"
ok 'one that is not there' gives 1 aa-learn patch --versioned nowhere "$state"
ok 'prints nothing' test ! -s out
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# --network=address: what is kept of internet sockets, and which rules come of it.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"

# record SERIAL OPERATION TYPE FIELDS: a record of Ubuntu's kernel, which tells addresses of bind and connect too.
record() {
  printf 'type=AVC msg=audit(1795295848.%03d:%d): apparmor="ALLOWED" operation="%s" class="net" profile="k8s-n" pid=7 comm="c"%s family="inet" sock_type="%s" protocol=6 requested_mask="%s" denied_mask="%s"\n' \
    "$1" "$1" "$2" "$4" "$3" "$2" "$2"
}
{
  record 1 create stream ''
  record 2 bind stream ' src=8080'
  record 3 listen stream ' lport=8080 src=8080'
  record 4 send stream ' laddr=10.0.0.5 lport=8080 faddr=10.0.0.9 fport=52682'
  record 5 send stream ' laddr=10.0.0.5 lport=8080 faddr=10.0.0.9 fport=5111'
  record 6 connect stream ' daddr=10.0.7.1 dest=5432'
  record 7 send stream ' laddr=10.0.0.5 lport=45000 faddr=10.0.7.1 fport=5432'
  record 8 send dgram ' lport=45001 faddr=10.96.0.10 fport=53'
} > sockets.log

# has LINE FILE WHAT: the file has just this line.
has() {
  grep -qxF -- "$1" "$2"
  result $? "$3"
}

learn=(aa-learn --profile k8s-n --input sockets.log)
run "${learn[@]}" -o plain
exits 0 'without --network'
has '  network inet stream,' plain/k8s-n 'family and type'
! grep -q '10\.0' plain/k8s-n.learned.yaml
result $? 'and no address in the state'

run "${learn[@]}" --network=address -o kept
exits 0 'with --network=address'
has '  network inet stream,' kept/k8s-n 'the same rules under abi 3.0'
has '  # needs no rule: inet inet stream 10.0.7.1 5432 send,receive,connect (not mediated under abi 3.0)' kept/k8s-n \
  'and that it does not mediate addresses'
says '3 accesses without a rule, and allowed: abi 3.0 does not mediate that' 'which the summary says, too'
grep -q 'port: "8080", peer_addr: "10.0.0.9", peer_port: "5111"' kept/k8s-n.learned.yaml
result $? 'the state has what tells uses apart'
! grep -q '52682\|45000\|45001' kept/k8s-n.learned.yaml
result $? 'and no port that is another one each time'

run aa-learn profile --abi 4.0-ip --no-check kept/k8s-n.learned.yaml
exits 0 'aa-learn profile writes the rules'
cp "$scratch/out" fine
has 'abi <abi/4.0-ip>,' fine 'for the abi that mediates them'
has '  network (send,receive,bind,listen,accept) inet stream port=8080,' fine 'a server by its port'
has '  network (send,receive,connect) inet stream port=0-65535 peer=(ip=10.0.7.1 port=5432),' fine 'a client by where it connects'
has '  network (send,receive,connect) inet dgram port=0-65535 peer=(ip=10.96.0.10 port=53),' fine 'of any type'
! grep -q '5111' fine
result $? 'a client of the server is none'

run "${learn[@]}" --network=address --abi 4.0-ip -o checked
if [ "$rc" -eq 0 ]; then
  says 'as compiled it allows the 7 accesses' 'a parser that takes them: the compiled profile allows what was seen'
else
  exits 3 'where the parser is too old for that, the profile is written unchecked'
fi
run aa-learn profile --abi 4.0-ip --no-check checked/k8s-n.learned.yaml
cmp -s "$scratch/out" fine
result $? 'the same profile'
sed 's/1795295848/1795299999/' sockets.log > later.log
run aa-learn --profile k8s-n --input later.log -o later
run aa-learn merge later/k8s-n.learned.yaml kept/k8s-n.learned.yaml -o merged.yaml
exits 0 'states with addresses and without are merged'
run aa-learn profile --abi 4.0-ip --no-check merged.yaml
grep -q 'network (send,create,bind,connect,listen,' "$scratch/out"
result $? 'what is known without an address may go to any'

sed 's/peer_addr: "10.0.7.1"/peer_addr: "10.0.7.1), \/** rwx, ("/' kept/k8s-n.learned.yaml > hostile.yaml
run aa-learn profile --abi 4.0-ip --no-check hostile.yaml
! grep -q '^ *network.*rwx' "$scratch/out"
result $? 'what is no address becomes no rule'
sed 's/daddr=10.0.7.1/daddr=10.0.7.1%eth0/' sockets.log > damaged.log
run aa-learn --profile k8s-n --input damaged.log -o damaged
exits 3 'a damaged address is a lost event'
says 'damaged.log:6: an address or a port is damaged' 'and is named'
refuses 2 '--network all: type or address' 'another word' "${learn[@]}" --network=all -o none

if have_parser; then
  printf 'abi <abi/3.0>,\nprofile k8s-n {\n  network inet dgram,\n}\n' > hand
  run aa-learn profile kept/k8s-n.learned.yaml --base hand --features "$AAKIT_SRCDIR/profiles/features/debian-12-6.1"
  exits 0 'a state with addresses joins a base'
  grep -q '^  network inet stream,' "$scratch/out"
  result $? 'that does not mediate them, by family and type'
fi
finish

# SPDX-License-Identifier: GPL-2.0-or-later
# doctor of the three programs on nodes of files: every finding, with its remedy, and nothing changed.
# shellcheck source=tests/cli/refusals.sh
. "${AAKIT_SRCDIR:?}/tests/cli/refusals.sh"
have_parser || {
  skip 'doctor' 'apparmor_parser is not installed'
  finish
  exit 0
}
node=$scratch/node
parameters=$node/sys/module/apparmor/parameters
security=$node/sys/kernel/security/apparmor
units=$node/etc/systemd/system

# put FILE [TEXT]
put() {
  mkdir -p "${1%/*}"
  printf '%s\n' "${2:-}" > "$1"
}

# A node of which nobody can complain.
well() {
  rm -rf "$node"
  make_node "$node"
  for file in audit:normal mode:enforce lock_policy:N hash_policy:Y export_binary:Y; do
    put "$parameters/${file%:*}" "${file#*:}"
  done
  put "$node/sbin/apparmor_parser"
  put "$node/usr/lib/systemd/system/containerd.service" '[Unit]'
  put "$node/lib/systemd/system/k3s.service" '[Unit]'
  put "$units/aa-register.service" '[Unit]
Before=kubelet.service \
  containerd.service'
  put "$units/k3s.service.d/order.conf" '[Unit]
After = network.target aa-register.service'
  mkdir -p "$units/multi-user.target.wants" "$node/run/systemd/system"
  ln -s ../aa-register.service "$units/multi-user.target.wants/aa-register.service"
  put "$node/sys/fs/cgroup/system.slice/aa-register.service/cgroup.procs" 77
  put "$node/proc/cmdline" 'root=/dev/vda quiet'
  put "$node/proc/sys/kernel/printk_ratelimit" 0
  put "$node/var/log/audit/audit.log"
  put "$node/etc/audit/audit.rules" '-D
# -a always,exclude -F msgtype=AVC
-a always,exclude -F msgtype=CWD'
}

# finds PROGRAM REGEX REMEDY NAME: the node has one problem, with that remedy, and is as it was.
finds() {
  local before code=0 wrong=''
  before=$(listing "$node")
  run "$1" doctor --root "$node"
  [ "$rc" -eq 3 ] || wrong="exit code $rc"
  grep -qE "^problem +$2" "$scratch/out" || wrong="$wrong; no problem like /$2/"
  grep -qE "^ +\\$ $3" "$scratch/out" || wrong="$wrong; no remedy like /$3/"
  grep -qx '1 problem' "$scratch/out" || wrong="$wrong; not one problem"
  [ ! -s "$scratch/err" ] || wrong="$wrong; something on stderr"
  [ "$before" = "$(listing "$node")" ] || wrong="$wrong; the node was changed"
  [ -z "$wrong" ] || code=1
  result $code "$4" || { echo "# ${wrong#; }" && diag < "$scratch/out"; }
}

well
for program in aa-register aa-learn aa-compile; do
  before=$(listing "$node")
  run "$program" doctor --root "$node"
  exits 0 "$program: nothing is wrong"
  prints '^no problem found$' 'it says so'
  ok 'no line is a problem' test "$(grep -c '^problem' "$scratch/out")" = 0
  ok 'nothing is changed' test "$before" = "$(listing "$node")"
  run "$program" doctor --root "$node" --json
  exits 0 "$program: as JSON"
  is_json aakit/doctor/1 'of its schema'
done
run aa-register doctor --root "$node"
prints '^ok +features +the feature set is 3ff8e062caa0 \(debian-12-6.1\), for policy up to version 9$' 'the kernel is known by name'
prints '^ok +order +containerd.service' 'an order by a line that goes on'
prints '^ok +order +k3s.service' 'an order by a drop-in of the runtime'
prints '^ok +service +.* runs' 'the service runs'

# --- the kernel
put "$parameters/enabled" N
finds aa-register 'apparmor +AppArmor is switched off' 'sed .*security=apparmor.*update-grub' 'AppArmor is off'
well
rm -r "$parameters" "$security"
finds aa-register 'apparmor +this kernel has no AppArmor' 'sed .*apparmor=1' 'no AppArmor'
well
rm -r "$security"
finds aa-register 'securityfs' 'mount -t securityfs' 'securityfs is not mounted'
well
for parameter in audit:quiet:denial mode:complain:complains hash_policy:N:hash export_binary:N:undone; do
  IFS=: read -r name value word <<< "$parameter"
  was=$(cat "$parameters/$name")
  put "$parameters/$name" "$value"
  finds aa-register "$name +.*$word" "echo $was > /sys/module/apparmor/parameters/$name" "$name is $value"
  finds aa-learn "$name +.*$word" "echo $was > /sys/module/apparmor/parameters/$name" "aa-learn: $name is $value"
  put "$parameters/$name" "$was"
done
put "$parameters/lock_policy" Y
finds aa-register 'lock_policy +.*no policy' 'reboot' 'policy is locked'
put "$parameters/lock_policy" N
rm "$parameters"/[a-df-z]* "$parameters/export_binary"
run aa-register doctor --root "$node"
exits 0 'parameters that cannot be read are no problem'
prints '^note +parameters' 'but told'
well
rm -r "$security/features"
mkdir "$security/features"
run aa-register doctor --root "$node"
exits 3 'an empty feature set'
prints '^problem +features' 'is a problem'
well
put "$node/proc/sys/kernel/apparmor_restrict_unprivileged_userns" 1
run aa-register doctor --root "$node"
exits 0 'restricted user namespaces are no problem'
prints '^note +userns' 'but told'

# --- the node
well
rm "$node/sbin/apparmor_parser"
finds aa-register 'runtimes +/sbin/apparmor_parser is missing' 'apt install apparmor && systemctl restart containerd' 'no parser for containerd'
put "$node/usr/bin/apparmor_parser"
finds aa-register 'runtimes' 'ln -s /usr/bin/apparmor_parser /sbin/apparmor_parser' 'a parser elsewhere'
well
put "$node/var/lib/aakit/registered.yaml" 'schema: nonsense'
finds aa-register 'store +.*registered.yaml' 'mv /var/lib/aakit/registered.yaml' 'a damaged store'
well
put "$node/run/aakit/register.lock"
exec 8< "$node/run/aakit/register.lock"
flock -x 8
finds aa-register 'lock ' 'fuser' 'a lock that is held'
exec 8<&-
well
rm "$node/sys/fs/cgroup/system.slice/aa-register.service/cgroup.procs"
finds aa-register 'service +.*does not run' 'systemctl restart aa-register' 'a service that does not run'
well
put "$units/aa-register.service" '[Unit]'
rm -r "$units/k3s.service.d" "$node/lib/systemd/system/k3s.service"
finds aa-register 'order +containerd.service' 'mkdir -p .*Before=containerd.service' 'a runtime that does not wait'
put "$units/aa-register.service.d/order-containerd.service.conf" '[Unit]
Before=containerd.service'
run aa-register doctor --root "$node"
exits 0 'and what its remedy makes of it'
rm -r "$units/multi-user.target.wants"
run aa-register doctor --root "$node"
exits 0 'a service that is not enabled is no problem'
prints '^ +\$ systemctl enable --now aa-register$' 'but told'

# --- what aa-learn hears
well
put "$node/proc/cmdline" 'root=/dev/vda audit=0 quiet'
finds aa-learn 'audit +.*without audit' 'sed .*update-grub' 'audit is off'
well
put "$node/etc/audit/audit.rules" '-D
-a always,exclude -F msgtype=AVC'
finds aa-learn 'rules +/etc/audit/audit.rules:2 ' 'sed .*auditctl -R' 'a rule that drops the records'
well
put "$node/proc/sys/kernel/printk_ratelimit" 5
run aa-learn doctor --root "$node"
exits 0 'a limit of the kernel log is no problem'
prints '^ +\$ sysctl -w kernel.printk_ratelimit=0$' 'but told'
mkdir -p "$node/run/containerd/io.containerd.runtime.v2.task/k8s.io/0123"
echo '{' > "$node/run/containerd/io.containerd.runtime.v2.task/k8s.io/0123/config.json"
finds aa-learn 'containers +1 of the containers' 'sudo aa-learn' 'a damaged bundle of a container'

# --- compiling
well
AAKIT_APPARMOR_PARSER=/nonexistent/parser run aa-compile doctor --root "$node"
exits 3 'no compiler'
prints '^problem +compiler +AAKIT_APPARMOR_PARSER=/nonexistent/parser' 'is a problem'
mkdir -p base
AAKIT_APPARMOR_BASE=$scratch/work/base run aa-compile doctor --root "$node"
exits 3 'no includes'
prints '^problem +compiler +.*abi/3.0' 'are a problem'
# shellcheck disable=SC2016  # for the program that it writes
printf '#!/bin/sh\ncase $1 in --version) echo "AppArmor parser version 9.9" ;; *) exit 1 ;; esac\n' > parser
chmod 755 parser
AAKIT_APPARMOR_PARSER=$scratch/work/parser run aa-compile doctor --root "$node"
exits 3 'a compiler that does not compile'
prints '^problem +compiles +not for debian-12-6.1' 'is a problem'
rm -r "$security" "$parameters"
run aa-compile doctor --root "$node"
exits 0 'a machine without AppArmor can compile'
prints '^note +features +.*--features' 'and is told how'

# --- the process, and the command line
run_as_nobody aa-register doctor
exits 3 'without any privilege'
prints '^problem +privileges +(CAP_MAC_ADMIN is missing|it takes policy from the initial)' 'it is named'
prints '^ +\$ sudo aa-register doctor$' 'with what gives it'
refuses 2 'takes options only' 'doctor takes no words' aa-register doctor now
finish

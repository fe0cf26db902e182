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
  put "$node/sys/fs/cgroup/cgroup.controllers" 'cpu memory pids'
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
  grep -qE "^failed +$2" "$scratch/out" || wrong="$wrong; nothing failed like /$2/"
  grep -qE "^ +\\$ $3" "$scratch/out" || wrong="$wrong; no remedy like /$3/"
  grep -qE '^1 failed, ' "$scratch/out" || wrong="$wrong; not one that failed"
  [ ! -s "$scratch/err" ] || wrong="$wrong; something on stderr"
  [ "$before" = "$(listing "$node")" ] || wrong="$wrong; the node was changed"
  [ -z "$wrong" ] || code=1
  result $code "$4" || { echo "# ${wrong#; }" && diag < "$scratch/out"; }
}

# warns PROGRAM REGEX REMEDY NAME: nothing failed, but that is told; no REMEDY where it is empty.
warns() {
  local before
  before=$(listing "$node")
  run "$1" doctor --root "$node"
  exits 0 "$4: nothing failed"
  prints "^warning +$2" "$4: told"
  [ -z "$3" ] || prints "^ +\\$ $3" "$4: with what mends it"
  ok "$4: nothing is changed" test "$before" = "$(listing "$node")"
}

well
for program in aa-register aa-learn aa-compile; do
  before=$(listing "$node")
  run "$program" doctor --root "$node"
  exits 0 "$program: nothing is wrong"
  prints '^0 failed, ' 'it says so'
  ok 'no line is a problem' test "$(grep -c '^failed' "$scratch/out")" = 0
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
prints '^warning +parameters' 'but told'
well
rm -r "$security/features"
mkdir "$security/features"
run aa-register doctor --root "$node"
exits 3 'an empty feature set'
prints '^failed +features' 'is a problem'
well
put "$node/proc/sys/kernel/apparmor_restrict_unprivileged_userns" 1
run aa-register doctor --root "$node"
exits 0 'restricted user namespaces are no problem'
prints '^warning +userns' 'but told'

# --- beside AppArmor
put "$node/sys/kernel/security/lsm" lockdown,capability,landlock,yama,apparmor,tomoyo,bpf
run aa-register doctor --root "$node"
prints '^ok +lsm +no other module comes before' 'AppArmor is first'
put "$node/sys/kernel/security/lsm" lockdown,capability,selinux,apparmor
warns aa-register 'lsm +selinux comes before AppArmor' 'sed .*security=apparmor' 'another module is first'
put "$node/sys/kernel/security/lsm" lockdown,capability,yama
finds aa-learn 'lsm +AppArmor is not among' 'sed .*apparmor=1' 'AppArmor is left out'
well
rm -r "$security/features/mount" "$security/features/signal"
warns aa-register 'mediation +this kernel does not mediate signals, mounts: ' '' 'a kernel that lacks mediation'
well
run aa-register doctor --root "$node"
prints '^ok +mediation +files, .*; not addresses of unix sockets, D-Bus' 'what other kernels mediate'
for name in varmor-demo-web snap.lxd.daemon docker-default kubearmor-shop-web; do
  put "$security/policy/profiles/$name.1/name" "$name"
  put "$security/policy/profiles/$name.1/mode" enforce
done
warns aa-register 'others +profiles of KubeArmor, vArmor are loaded' '' 'others who bring profiles for pods'
rm -r "$security"/policy/profiles/*armor-*
run aa-learn doctor --root "$node"
prints '^ok +others +profiles of Docker, snapd are loaded as well' 'others who do not'
well
run aa-learn doctor --root "$node"
prints '^ok +cgroups +version 2:' 'control groups of version 2'
rm "$node/sys/fs/cgroup/cgroup.controllers"
mkdir "$node/sys/fs/cgroup/systemd"
run aa-learn doctor --root "$node"
prints '^ok +cgroups +version 1:' 'control groups of version 1'
put "$node/sys/fs/cgroup/unified/cgroup.controllers"
run aa-learn doctor --root "$node"
prints '^ok +cgroups +version 1 and 2:' 'control groups of both'
rm -r "$node/sys/fs/cgroup"
mkdir "$node/sys/fs/cgroup"
finds aa-learn 'cgroups +no control groups are mounted' 'mount -t cgroup2' 'no control groups'

# --- the node
well
rm "$node/sbin/apparmor_parser"
finds aa-register 'runtimes +/sbin/apparmor_parser is missing' 'apt install apparmor && systemctl restart containerd' 'no parser for containerd'
put "$node/usr/bin/apparmor_parser"
finds aa-register 'runtimes' 'ln -s /usr/bin/apparmor_parser /sbin/apparmor_parser' 'a parser elsewhere'
well
put "$node/sys/fs/cgroup/system.slice/containerd.service/cgroup.procs" 500
put "$node/proc/stat" "cpu 1
btime 1000000000"
put "$node/proc/500/stat" '500 (contain) erd) S 1 500 500 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 400 1 1'
warns aa-register 'containerd +it was started before this /sbin/apparmor_parser' 'systemctl restart containerd' 'a parser that came later'
put "$security/policy/profiles/cri-containerd.apparmor.d.1/name" cri-containerd.apparmor.d
put "$security/policy/profiles/cri-containerd.apparmor.d.1/mode" enforce
run aa-register doctor --root "$node"
prints '^ok +containerd ' 'a parser that was replaced'
rm -r "$security/policy/profiles/cri-containerd.apparmor.d.1"
put "$node/proc/500/stat" "500 (containerd) S 1 500 500 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 9 0 900000000000 1 1"
run aa-register doctor --root "$node"
prints '^ok +containerd ' 'a parser that was there'
put "$node/proc/500/stat" '500 (containerd) S 1'
run aa-register doctor --root "$node"
exits 0 'a process that cannot be read'
well
kubelet=$node/var/lib/kubelet
mkdir -p "$kubelet"
run aa-register doctor --root "$node"
prints '^ok +seccomp +.* is not there yet' 'no seccomp directory yet'
mkdir "$kubelet/seccomp"
chmod 755 "$kubelet/seccomp"
run aa-register doctor --root "$node"
prints '^ok +seccomp +.* by its owner alone' 'a seccomp directory'
chmod 777 "$kubelet/seccomp"
finds aa-register 'seccomp +others can write to /var/lib/kubelet/seccomp' 'chown root:root .*chmod go-w' 'a seccomp directory that is open'
rmdir "$kubelet/seccomp"
put "$kubelet/seccomp"
finds aa-register 'seccomp +.* is no directory' 'rm .*mkdir -m 755' 'no directory in its place'
well
put "$node/var/lib/aakit/registered.yaml" 'schema: nonsense'
finds aa-register 'store +.*registered.yaml' 'mv /var/lib/aakit/registered.yaml' 'a damaged store'
well
put "$node/run/aakit/register.lock"
exec 8< "$node/run/aakit/register.lock"
flock -x 8
finds aa-register 'lock +an' 'fuser' 'a lock that is held'
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
put "$node/etc/audit/audit.rules" '-D
-b 8192
-f 2
-r 100'
run aa-learn doctor --root "$node"
prints '^warning +rate-limit +/etc/audit/audit.rules:4 .* beyond 100 a second' 'a limit of records'
prints '^warning +panic +/etc/audit/audit.rules:3 ' 'a node that panics'
prints '^ +\$ sed .*auditctl -r 0$' 'what takes the limit away'
prints '^ +\$ sed .*auditctl -f 1$' 'what has it go on'
well
auditd=$node/etc/audit/auditd.conf
put "$auditd" 'local_events = yes
max_log_file = 8
num_logs = 5
max_log_file_action = ROTATE
disk_full_action = SUSPEND'
run aa-learn doctor --root "$node"
prints '^ok +auditd ' 'settings of auditd'
put "$auditd" 'Write_Logs = NO'
warns aa-learn 'auditd +.*: write_logs = no' "sed -i 's/\^write_logs .*auditd restart" 'auditd writes nothing'
put "$auditd" 'local_events = no'
warns aa-learn 'auditd +.*: local_events = no' "sed -i 's/\^local_events" 'auditd for other nodes alone'
put "$auditd" 'max_log_file = 4
max_log_file_action = rotate'
warns aa-learn 'auditd +.*: 20 MiB of records are kept' "sed -i 's/\^max_log_file " 'a log that is rotated away'
put "$auditd" 'disk_full_action = HALT'
warns aa-learn 'auditd +.*: disk_full_action = halt' '' 'a node that stops'
well
run aa-learn doctor --root "$node"
prints '^ok +journald +.*-audit.socket is not enabled' 'journald without audit'
put "$node/lib/systemd/system/systemd-journald-audit.socket"
mkdir -p "$node/lib/systemd/system/sockets.target.wants"
ln -s ../systemd-journald-audit.socket "$node/lib/systemd/system/sockets.target.wants/systemd-journald-audit.socket"
run aa-learn doctor --root "$node"
prints '^ok +journald +takes audit records' 'journald with audit'
ln -s /dev/null "$units/systemd-journald-audit.socket"
run aa-learn doctor --root "$node"
prints '^ok +journald +.* is masked' 'a socket that is masked'
well
rm -rf "$node/run/containerd" "$node/run/k3s" "$node/run/containers"
warns aa-learn 'containers +neither containerd' '' 'no runtime'
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
prints '^failed +compiler +AAKIT_APPARMOR_PARSER=/nonexistent/parser' 'is a problem'
mkdir -p base
AAKIT_APPARMOR_BASE=$scratch/work/base run aa-compile doctor --root "$node"
exits 3 'no includes'
prints '^failed +compiler +.*abi/3.0' 'are a problem'
# shellcheck disable=SC2016  # for the program that it writes
printf '#!/bin/sh\ncase $1 in --version) echo "AppArmor parser version 9.9" ;; *) exit 1 ;; esac\n' > parser
chmod 755 parser
AAKIT_APPARMOR_PARSER=$scratch/work/parser run aa-compile doctor --root "$node"
exits 3 'a compiler that does not compile'
prints '^failed +compiles +not for debian-12-6.1' 'is a problem'
rm -r "$security" "$parameters"
run aa-compile doctor --root "$node"
exits 0 'a machine without AppArmor can compile'
prints '^warning +features +.*--features' 'and is told how'

# --- the report for a bug tracker
well
mkdir -p "$node/run/containerd/io.containerd.runtime.v2.task/k8s.io"
cp -r "$AAKIT_SRCDIR/tests/nodes/web/run/containerd/io.containerd.runtime.v2.task/k8s.io/." "$node/run/containerd/io.containerd.runtime.v2.task/k8s.io"
chmod -R u+w "$node/run"
put "$node/proc/cmdline" 'root=/dev/mapper/geheim quiet luks.key=s3cr3t apparmor=1'
put "$node/etc/audit/auditd.conf" 'action_mail_acct = geheim
num_logs = 7'
put "$node/proc/sys/kernel/hostname" geheim
put "$security/policy/profiles/k8s-geheim.1/name" k8s-geheim
put "$security/policy/profiles/k8s-geheim.1/mode" enforce
mkdir -p "$node/run/containerd/io.containerd.runtime.v2.task/k8s.io/geheim"
echo '{' > "$node/run/containerd/io.containerd.runtime.v2.task/k8s.io/geheim/config.json"
run aa-learn doctor --root "$node" --bundle report.tar.gz
exits 3 'a report: what failed is still told'
says 'report.tar.gz: names .* are masked' 'that names are masked'
ok 'only its owner can read it' test "$(stat -c %a report.tar.gz)" = 600
tar -xzf report.tar.gz
ok 'what is in it' test "$(cd aakit-doctor && echo *)" = 'containers.txt doctor.json features node.txt profiles.txt'
ok 'no secret, and no name' test "$(grep -rlE 'geheim|s3cr3t|web-7d4b|local/web' aakit-doctor)" = ''
ok 'a profile by its number' grep -qE '^loaded profile-[0-9]+ enforce' aakit-doctor/profiles.txt
ok 'a pod by its numbers' grep -qE '^default/pod-1 container-1 image image-1 wears profile-[0-9]+$' aakit-doctor/containers.txt
ok 'words that are known' grep -qF 'cmdline: (another word) quiet (another word) apparmor=1' aakit-doctor/node.txt
ok 'settings that are known' grep -qx '  num_logs = 7' aakit-doctor/node.txt
run aa-learn doctor --root "$node" --bundle report.tar.gz --names
says 'with the names of' 'that names are left in it'
tar -xzf report.tar.gz
ok 'a profile by its name' grep -q '^loaded k8s-geheim enforce' aakit-doctor/profiles.txt
ok 'but no secret' test "$(grep -rl s3cr3t aakit-doctor)" = ''
before=$(listing .)
run aa-learn doctor --root "$node" --bundle missing/report.tar.gz
exits 1 'a directory that is not there'
says 'directory missing: ' 'is named'
ok 'nothing is left behind' test "$before" = "$(listing .)"

# --- the process, and the command line
run_as_nobody aa-register doctor
exits 3 'without any privilege'
prints '^failed +privileges +(CAP_MAC_ADMIN is missing|it takes policy from the initial)' 'it is named'
prints '^ +\$ sudo aa-register doctor$' 'with what gives it'
refuses 2 'takes options only' 'doctor takes no words' aa-register doctor now
finish

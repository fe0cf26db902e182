# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Sourced after lib.sh: boots one VM with a job, within a time limit, and brings its results back.

# vm_initrd IMAGE WORK: prints the initrd to boot: the image's, or where VM_BEFORE names a script of the job, one that runs it
# before the first program of the root disk. The kernel unpacks archives one after another.
vm_initrd() {
  if [ -z "${VM_BEFORE:-}" ]; then
    echo "$1/initrd"
    return
  fi
  (cd "$VM_DIR/guest" && echo before | cpio -o -H newc --quiet | gzip -1 | cat "$1/initrd" -) > "$2/initrd"
  echo "$2/initrd"
}

# vm_qemu_args IMAGE WORK SNAPSHOT MEM SMP SCRIPT LIMIT INIT: fills the array QEMU_ARGS. VM_DISK names one more disk; where
# VM_REBOOTS is set, a reboot is one, and not the end.
vm_qemu_args() {
  local image=$1 work=$2 snapshot=$3 mem=$4 smp=$5 script=$6 limit=$7 init=$8 accel words initrd
  initrd=$(vm_initrd "$image" "$work")
  accel=$("$VM_DIR/accel")
  # QEMU's emulated cmpxchg16b sets wrong flags (seen with 7.2): kernel 6.12 oopses unless it is hidden.
  local cpu=max,-cx16
  [ "$accel" = kvm ] && cpu=host
  [ "$accel" = tcg ] && accel=tcg,thread=multi
  words="console=ttyS0 panic=-1 quiet loglevel=4 net.ifnames=0 mitigations=off systemd.show_status=0"
  # A busy host may be late with the ticks by which the kernel tests its timer at boot, and gives up.
  words+=" no_timer_check"
  [ -z "${VM_BEFORE:-}" ] || words+=" rdinit=/before vmbefore=$VM_BEFORE"
  words+=" vminit=$init vmjob=$script vmlimit=$limit ${AAKIT_VM_APPEND:-}"
  QEMU_ARGS=(-accel "$accel" -cpu "$cpu" -M q35 -m "$mem" -smp "$smp"
    -nodefaults -display none -serial stdio -monitor none -nic none
    -kernel "$image/vmlinuz" -initrd "$initrd" -append "$words"
    -drive "file=$image/root.img,if=virtio,format=raw,snapshot=$snapshot,cache=unsafe"
    -drive "file=$work/in.tar,if=virtio,format=raw,readonly=on"
    -drive "file=$work/out.img,if=virtio,format=raw,cache=unsafe")
  [ -z "${VM_DISK:-}" ] || QEMU_ARGS+=(-drive "file=$VM_DISK,if=virtio,format=raw,readonly=on")
  [ -n "${VM_REBOOTS:-}" ] || QEMU_ARGS+=(-no-reboot)
}

vm_kill_qemu() {
  [ -n "${VM_QEMU:-}" ] || return 0
  kill -TERM "$VM_QEMU" 2> /dev/null || true
  wait "$VM_QEMU" 2> /dev/null || true
  VM_QEMU=
}

# vm_boot IMAGE JOBDIR SCRIPT OUT WORK SNAPSHOT MEM SMP LIMIT INIT
# Returns the job's exit code, or 125 when no result came back. WORK is an empty directory of the caller.
vm_boot() {
  local image=$1 job=$2 script=$3 out=$4 work=$5 snapshot=$6 mem=$7 smp=$8 limit=$9 init=${10}
  local begin=$SECONDS guest_limit=$((limit > 90 ? limit - 45 : limit / 2)) code=0
  tar -C "$job" --numeric-owner --owner=0 --group=0 -cf "$work/in.tar" .
  truncate -s %1M "$work/in.tar"
  truncate -s 512M "$work/out.img"
  mkdir -p "$out"
  rm -f "$out/rc" "$out/uptime"
  vm_qemu_args "$image" "$work" "$snapshot" "$mem" "$smp" "$script" "$guest_limit" "$init"
  TMPDIR=$work timeout -k 5 "$limit" qemu-system-x86_64 "${QEMU_ARGS[@]}" \
    < /dev/null > "$out/console.log" 2> "$out/qemu.log" &
  VM_QEMU=$!
  wait "$VM_QEMU" || code=$?
  VM_QEMU=
  tar -C "$out" --no-same-owner -xf "$work/out.img" 2> /dev/null || true
  say "qemu ended with $code after $((SECONDS - begin)) s (guest uptime $(cat "$out/uptime" 2> /dev/null || echo '?') s)"
  [ -f "$out/rc" ] || return 125
  return "$(cat "$out/rc")"
}

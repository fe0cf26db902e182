# SPDX-License-Identifier: GPL-2.0-or-later
"""The tables of `script/bench learn`: a row for each application and way to make a profile."""

ORDER = ["aa-learn 10 s", "aa-learn 1 min", "aa-learn 5 min", "--exact 10 s", "--exact 1 min", "--exact 5 min",
         "aa-logprof 1 min", "containerd default"]
MOST_READABLE = 1.3  # times the files that were read
COLUMNS = (f"{'':11} {'':18} {'rules':>5} {'held out':>8} {'attacks':>8} {'readable':>14} {'writable':>14} {'executable':>14}"
           f" {'compiled in':>11} {'DFA':>9}")


def share(count, files):
    return f"{count:5} {count / files:7.1%} "


def attacks(row):
    return f"{row['attacks']['refused']}/{row['attacks']['working']}"


def line(name, variant, row):
    if "failed" in row:
        return f"{name:11} {variant:18} {row['rules']:>5} {row['failed']}"
    seconds, rules = row.get("compile_s"), row.get("rules")
    return (f"{name:11} {variant:18} {rules if rules is not None else '-':>5} {row['held_out_denied']:>8} {attacks(row):>8} "
            f"{share(row['readable'], row['files']):>14} {share(row['writable'], row['files']):>14} "
            f"{share(row['executable'], row['files']):>14} {f'{seconds * 1000:.0f} ms' if seconds else '-':>11} "
            f"{row['dfa_bytes'] / 1024:5.0f} KiB")


def beyond(rows):
    """What aa-learn allows beyond the bare observations of as long a load, and beyond what the other day needs."""
    out = []
    for span in ("10 s", "1 min", "5 min"):
        learned, exact = rows[f"aa-learn {span}"], rows[f"--exact {span}"]
        if "needed" not in learned:
            continue
        public, bare = len(learned["beyond_public"]), max(exact["readable"], 1)
        with_public = f" ({learned['readable'] / bare:.2f}x with {public} files of public data)" if public else ""
        out.append(f"{span}: {(learned['readable'] - public) / bare:.2f}x readable{with_public}, "
                   f"{(learned['readable'] - public) / max(learned['needed']['r'], 1):.2f}x with what the other day reads, "
                   f"{len(learned['beyond_writable'])} more writable, {len(learned['beyond_executable'])} more executable")
    return out


def some(what, names, most=8):
    """One line about names of which there may be many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return [f"{what}: {', '.join(names[:most])}{more}"] if names else []


def failures(rows):
    """What the goals are missed by, of the main variant."""
    row = rows["aa-learn 1 min"]
    if "failed" in row:
        return [row["failed"]]
    enforced = row.get("enforced") or {"works": True, "denied": [], "attacks_through": []}
    out = some(f"denied in the held-out load ({len(row['denied'])})", sorted(row["denied"]))
    out += some("attacks not refused", row["attacks"]["through"])
    out += [f"enforced: {enforced['error']}"] if not enforced["works"] else []
    out += some("enforced: denied", enforced["denied"])
    out += some("enforced: attacks not refused", enforced["attacks_through"])
    if row["readable"] - len(row["beyond_public"]) > MOST_READABLE * rows["--exact 1 min"]["readable"]:
        out += some("readable, and needed on neither day", row["beyond_readable"])
    out += some("writable, and written on neither day", row["beyond_writable"])
    return out + some("executable, and run on neither day", row["beyond_executable"])


def write(results):
    print("Of the image's files, were they the application's own; held out: distinct accesses of another day that are denied.\n")
    print(COLUMNS)
    for name, rows in results.items():
        for variant in [variant for variant in ORDER if variant in rows]:
            print(line(name, variant, rows[variant]))
        any_row = rows["containerd default"]
        print(f"{'':11} {any_row['files']} files; {any_row['held_out_asked']} distinct accesses held out")
        print("".join(f"{'':11} {text}\n" for text in beyond(rows)))
    missed = {name: failures(rows) for name, rows in results.items()}
    print("aa-learn after one minute of load misses the goals at:" if any(missed.values())
          else "aa-learn after one minute of load denies nothing, refuses every attack, and lets nothing else be written or run.")
    for name, lines in missed.items():
        for text in lines:
            print(f"  {name}: {text}")

# SPDX-License-Identifier: GPL-2.0-or-later
# What the completions of aa-learn, aa-compile and aa-register share in fish. Options and verbs come from --help, labels and pods from
# the node (or from what lies below --root on the command line), so that nothing here has to be kept in step with the programs.

# "OPTION<tab>text" for each option that "PROGRAM VERB --help" lists.
function __aakit_options
    $argv --help 2>/dev/null | string replace -rf '^  (?:-[a-z], )?(--[a-z-]+)(?:=\S*)? +(.*)' '$1\t$2'
end

# "VERB<tab>text" for each verb that "PROGRAM --help" lists.
function __aakit_verbs
    $argv[1] --help 2>/dev/null | sed '1,/^Verbs:/d' | string replace -rf '^  ([a-z]+) +(.*)' '$1\t$2'
end

# The labels of the profiles that the kernel holds; only those that no shell would take apart.
function __aakit_labels --no-scope-shadowing
    set -l files $root/sys/kernel/security/apparmor/policy/profiles/*/name
    test (count $files) -gt 0; and cat $files 2>/dev/null | string match -r '^[A-Za-z0-9_./@+-]+$'
end

# Values of an annotation in the containers' bundles.
function __aakit_bundles --no-scope-shadowing
    set -l files $root/run/containerd/io.containerd.runtime.v2.task/k8s.io/*/config.json
    set -a files $root/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/*/config.json
    test (count $files) -gt 0; and cat $files 2>/dev/null |
        string match -ar '"io\.kubernetes\.cri\.'$argv[1]'": *"[a-z0-9.-]+"' | string replace -r '.*"([^"]*)"$' '$1' | sort -u
end

# The names of the feature sets that are installed.
function __aakit_features --no-scope-shadowing
    set -l prefix (path dirname (path dirname (command -s $program)))
    path basename $prefix/share/aakit/features/* /usr/share/aakit/features/* /usr/local/share/aakit/features/* | sort -u
end

# The value of an option; fails where it takes none that can be known.
function __aakit_value --no-scope-shadowing
    switch $argv[1]
        case --base
            if test $program = aa-learn -a "$verb" != check
                __fish_complete_path $current
            else
                __fish_complete_directories $current ''
            end
        case --root --rootfs --tree
            __fish_complete_directories $current ''
        case --color
            printf '%s\n' auto always never
        case --abi
            printf '%s\n' 3.0 4.0 4.0-ip
        case --kubernetes
            printf '%s\n' 1.29 1.30
        case --network
            printf '%s\n' type address
        case --exec
            printf '%s\n' inherit child
        case --pod
            __aakit_bundles sandbox-name
        case -c --container --init-container
            __aakit_bundles container-name
        case -n --namespace
            test $program != aa-learn; or __aakit_bundles sandbox-namespace
        case --profile
            if test "$program:$verb" = aa-learn:report
                __fish_complete_path $current
            else
                __aakit_labels
            end
        case --adopt --log-profile
            __aakit_labels
        case --fail-on
            printf '%s\n' note warning error
        case --level
            printf '%s\n' baseline restricted
        case --source
            printf '%s\n' auto netlink audit-log journald kmsg
        case --against --bundle --html --input --from --metrics --nfd --sign --verify-key
            __fish_complete_path $current
        case -o --output
            if contains -- "$verb" features merge seccomp patch report
                __fish_complete_path $current
            else
                __fish_complete_directories $current ''
            end
        case --features
            __fish_complete_path $current
            __aakit_features
        case --name --for --until-stable --why --threshold --settle --timeout --nfd-ttl --pid --serial -j --jobs
        case '*'
            return 1
    end
    return 0
end

# What stands for itself: verbs, and what the verb takes.
function __aakit_argument --no-scope-shadowing
    switch "$program:$verb"
        case aa-learn:{profile,show,report,patch,merge,diff,check,seccomp}
            __fish_complete_path $current
        case aa-register:{rm,wait,status}
            __aakit_labels
        case aa-register:features
        case aa-compile:features
            __fish_complete_path $current
            echo list
            __aakit_features
        case aa-learn:
            printf '%s\n' $verbs
        case 'aa-learn:*'
        case '*:'
            __fish_complete_path $current
            printf '%s\n' $verbs
        case '*'
            __fish_complete_path $current
    end
end

function __aakit_complete --description 'What can stand where the cursor is'
    set -l words (commandline -opc)
    set -f current (commandline -ct)
    set -f program (path basename $words[1])
    set -f verbs (__aakit_verbs $words[1])
    set -f verb
    set -f root
    for i in (seq 2 (count $words))
        if test -z "$verb"; and contains -- $words[$i] (string replace -r '\t.*' '' $verbs)
            set verb $words[$i]
        end
        switch $words[$i]
            case --root
                set root (string trim -rc / -- $words[(math $i + 1)])
            case '--root=*'
                set root (string trim -rc / -- (string replace -- --root= '' $words[$i]))
        end
    end
    if string match -q -- '--*=*' $current
        set -l option (string replace -r '=.*' '' -- $current)
        set current (string replace -r '^[^=]*=' '' -- $current)
        __aakit_value $option | string replace -r '^' -- "$option="
    else if string match -q -- '-*' $words[-1]; and __aakit_value $words[-1]
    else if string match -q -- '-*' $current
        __aakit_options $words[1] $verb
    else
        __aakit_argument
    end
end

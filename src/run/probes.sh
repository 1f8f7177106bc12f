# Refigure's own probes: what it asks of every guest. Each command is traced like those of a study; its ID says what it asks,
# and it is by that ID that src/evidence reads the answer.

# rf_topology: looks at the network of every namespace. On a machine of the user's the plan has another one (probes.ts).
rf_topology() {
  rf_probe namespaces 'ip netns list'
  rf_look
  for rf_namespace in /run/netns/*; do
    [ -e "$rf_namespace" ] || continue
    rf_look_into "${rf_namespace##*/}"
  done
}

# rf_look_into NAMESPACE
rf_look_into() {
  rf_word "$1"
  rf_look " $1" " -n $rf_quoted" "ip netns exec $rf_quoted "
}

# rf_look [' NAMESPACE' ' -n NAMESPACE' 'ip netns exec NAMESPACE ']: of the root namespace, or of another. `ip -n` needs iproute2 of
# 2015 or later; `ip netns list-id` tells how a namespace calls the others (link-netnsid N); `ip netconf`, whether it forwards.
#
# Each process costs some 30 ms under an emulator, one within a namespace twice that. So what few networks have is asked where
# there is cause to: `ip` shows a bridge, a WireGuard device, a qdisc that the kernel does not set up by itself; or the study
# speaks of it, which the plan says in rf_asks (probes.ts).
rf_look() {
  rf_command_kept "address$1" "ip$2 -d address" "$rf_probe_limit"
  rf_probe "routes$1" "ip$2 route"
  rf_probe "ids$1" "ip$2 netns list-id"
  rf_probe "forwarding$1" "ip$2 netconf"
  case $rf_kept in *' bridge '*) rf_probe "vlans$1" "bridge$2 -compressvlans vlan" ;; esac
  if rf_is_asked qdiscs || rf_has_qdisc; then rf_probe "qdiscs$1" "tc$2 qdisc"; fi
  if rf_is_asked nft; then rf_probe "nft$1" "$3nft -s list ruleset"; fi
  if rf_is_asked iptables; then rf_probe_legacy "$1" "$3" iptables; fi
  if rf_is_asked ip6tables; then rf_probe_legacy "$1" "$3" ip6tables; fi
  # No key that is secret comes out: wg prints `(hidden)` in its place.
  case $rf_kept in *' wireguard'*) rf_probe "wireguard$1" "WG_HIDE_KEYS=always $3wg show" ;; esac
}

# rf_is_asked WHAT
rf_is_asked() {
  case " $rf_asks " in *" $1 "*) return 0 ;; esac
  return 1
}

# rf_has_qdisc: one of another name than those that the kernel attaches by itself: noop, noqueue, mq, pfifo_fast, fq, fq_codel.
rf_has_qdisc() {
  case $rf_kept in
    *' qdisc '[!fmnp]* | *' qdisc fq_p'* | *' qdisc m'[!q]* | *' qdisc mqp'* | *' qdisc ne'*) return 0 ;;
    *' qdisc p'[!f]* | *' qdisc pfifo '* | *' qdisc pfifo_h'*) return 0 ;;
  esac
  return 1
}

# rf_probe_legacy ' NAMESPACE' 'ip netns exec NAMESPACE ' iptables|ip6tables: where nft is there, its ruleset has what iptables put
# into nftables, so that only the tables of old are left to ask for.
rf_probe_legacy() {
  rf_save=$3-save
  if command -v nft >/dev/null && command -v "$3-legacy-save" >/dev/null; then rf_save=$3-legacy-save; fi
  rf_probe "$3$1" "$2$rf_save"
}

# rf_facts: asks the guest what it is, once after the experiments.
rf_facts() {
  rf_probe system 'cat /etc/os-release'
  rf_probe kernel 'uname -srvm'
  rf_probe iproute2 'ip -V'
  rf_probe iputils 'ping -V'
  rf_probe sshd 'sshd -V || dropbear -V'
  rf_probe cpu "grep -m1 '^model name' /proc/cpuinfo"
  rf_probe image 'cat /etc/refigure-image'
}

# rf_probe 'ID [NAMESPACE]' TEXT
rf_probe() {
  rf_command "$1" "$2" "$rf_probe_limit"
}

# rf_word TEXT: sets rf_quoted to TEXT as one word of a command line.
rf_word() {
  case $1 in
    *[!A-Za-z0-9_.-]*) ;;
    *)
      rf_quoted=$1
      return
      ;;
  esac
  rf_left=$1
  rf_quoted="'"
  while :; do
    case $rf_left in
      *\'*)
        rf_quoted="$rf_quoted${rf_left%%\'*}'\\''"
        rf_left=${rf_left#*\'}
        ;;
      *) break ;;
    esac
  done
  rf_quoted="$rf_quoted$rf_left'"
}
